"""A published model reproduced with the engine's own rules: the automation shock of del Rio-Chanona et al. (2021).

Age, firms' rules and ranking are switched off (`neutral`); what is left of separations, openings, search and hiring is
the model of the article, doi 10.1098/rsif.2020.0898. The mean field (`mean_field`) replaces only the draws by their
expectation; the agents (`agents`) go through the engine's kernels. `reproduction` makes tables of both. The published
files are not part of this project: they are read from a folder that the user names (`shock`).
"""
