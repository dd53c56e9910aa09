"""What a forecast looks like."""
