"""The model against what is known: official months, stylised facts, a published model.

`catalogue` lists the checks, `evidence` the runs they look at, `job` puts these together for `run.py validate`.
"""
