"""The model against what is known: official months, stylised facts, a published model.

`catalogue` lists the checks, `evidence` the runs they look at, `forecasts` what simple forecasts reach on the same
months, `job` puts these together for `run.py validate`.
"""
