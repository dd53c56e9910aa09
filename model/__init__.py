"""How a month unfolds: the market itself."""
