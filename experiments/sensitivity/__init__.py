"""Which uncertain numbers matter: Morris screening, Sobol indices, and the assumptions under which an effect is large.

`ranges` says what is varied and how far, `samples` which points are tried, `screening`, `indices` and `discovery` what
follows from their runs, `job` puts these together for `run.py sensitivity`.
"""
