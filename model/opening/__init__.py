"""Founding a market: what it takes as given, its firms and people, everything as it stands before the burn-in."""
