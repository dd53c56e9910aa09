"""The job graph: the project's own and those that users bring."""
