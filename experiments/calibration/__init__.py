"""Fitting the free parameters of the market to the official months, and saying how well they are known.

`free_parameters` says what is fitted, `targets` to what; `simulations` runs the agents, `emulator` learns from them,
`posterior` fits, `campaign` puts these together for `run.py calibrate`.
"""
