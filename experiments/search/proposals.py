"""Which policies are tried next: an Optuna study that proposes the same whatever interrupted it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.engine.errors import extra_needed

if TYPE_CHECKING:
    from experiments.search.policy_file import Lever, PolicySearch

#: Values of a lever that are told apart between its bounds: a policy is not written to the sixth decimal.
STEPS = 100
#: Candidates of one generation of NSGA-II. A fixed number, so that a search can be made longer afterwards.
_GENERATION = 20


class Proposals:
    """Proposes candidates one by one; what each brought is told before the next is asked for.

    Every proposal has a seed of its own, by its number: a search that is continued asks for the candidates it had,
    finds their runs on the disk, and goes on as if nothing had happened. The study itself need not be stored.
    """

    def __init__(self, search: PolicySearch) -> None:
        """Begin with each lever moved alone, to the end of its range that is furthest from the scenario's value."""
        optuna = optuna_or_explain()
        self.search, self._optuna = search, optuna
        self._study: Any = optuna.create_study(
            directions=["maximize" if target.maximise else "minimize" for target in search.targets]
        )
        self._trial: Any = None
        self._number = 0
        for moved in search.levers:
            places = {lever.path: _nearest(lever) for lever in search.levers}
            places[moved.path] = STEPS if moved.high - moved.own >= moved.own - moved.low else 0
            self._study.enqueue_trial(places)

    def ask(self) -> dict[str, float]:
        """The next candidate: a value for every lever."""
        seed = (self.search.seed * 1_000_003 + self._number) % 2**32
        samplers = self._optuna.samplers
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", self._optuna.exceptions.ExperimentalWarning)
            self._study.sampler = (
                samplers.TPESampler(seed=seed, multivariate=True)
                if self.search.method == "tpe"
                else samplers.NSGAIISampler(population_size=_GENERATION, seed=seed)
            )
            places = self._optuna.distributions.IntDistribution(0, STEPS)
            self._trial = self._study.ask({lever.path: places for lever in self.search.levers})
        self._number += 1
        return {lever.path: _value(lever, self._trial.params[lever.path]) for lever in self.search.levers}

    def tell(self, values: Sequence[float] | None) -> None:
        """What the candidate brought for every target; None where it failed."""
        if values is None:
            self._study.tell(self._trial, state=self._optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(self._trial, list(values))


def optuna_or_explain() -> Any:
    """The library, quiet; one message where it is not installed."""
    with extra_needed("analysis", "run.py search"):
        import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def _value(lever: Lever, place: int) -> float:
    """A value of a lever, without the dust of binary fractions."""
    return round(lever.low + (lever.high - lever.low) * place / STEPS, 10)


def _nearest(lever: Lever) -> int:
    """The place on the lever's scale that is nearest to the scenario's own value."""
    return min(STEPS, max(0, round(STEPS * (lever.own - lever.low) / (lever.high - lever.low))))
