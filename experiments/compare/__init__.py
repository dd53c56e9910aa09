"""A scenario's replications, alone or beside a baseline."""
