"""What the official rates will be: forecasts from an origin, and how forecasts from earlier origins have fared."""
