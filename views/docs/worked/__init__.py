"""Worked experiments: questions people ask, answered from batches, as the page docs/experiments.md."""
