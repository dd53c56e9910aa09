"""Many runs: ensembles, comparisons, batches."""
