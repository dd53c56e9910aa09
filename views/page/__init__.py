"""The page: the server of `run.py view`, which answers questions with runs from a shared past."""
