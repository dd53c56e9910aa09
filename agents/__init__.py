"""Who is in the market, and how each one decides."""
