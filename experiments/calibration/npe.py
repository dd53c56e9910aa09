"""A cross-check of a finished calibration: `python -m experiments.calibration.npe FOLDER` writes docs/npe.md.

Neural posterior estimation learns the posterior itself from the runs of the first wave, with neither surface nor
Gaussian likelihood. It needs the extra `npe` (sbi and PyTorch), which no other command asks for.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped]

from experiments.calibration.campaign import WIDENING, design_runs, first_shares
from experiments.calibration.emulator import Emulator, learn
from experiments.calibration.free_parameters import Space, free_parameters
from experiments.calibration.identification import Recovery, found_again, with_errors
from experiments.calibration.job import plan_of
from experiments.calibration.npe_document import document, pictures
from experiments.calibration.options import read_calibration
from experiments.calibration.posterior import Problem, best_point, sample
from experiments.calibration.simulations import ENOUGH, Store
from experiments.calibration.targets import Targets, official_targets
from experiments.engine.errors import BadRequest
from model.results import write_whole

Floats = NDArray[np.float64]
#: Nets in the ensemble: each leaves out another part of the runs, on which its training stops.
NETS, STEPS, PATIENCE = 5, 1500, 15
#: Runs in a step; steps between two looks at the runs left out; noisy copies of each of them.
BATCH, LOOK, COPIES = 256, 20, 10
HIDDEN, TRANSFORMS, RATE = 32, 3, 1e-3
#: Runs kept back as worlds with known parameters; draws for the official months, and for each of these worlds.
WORLDS, DRAWS, DRAWN = 200, 20_000, 400
#: Penalties tried for the statistics.
PENALTIES = 10.0 ** np.arange(0, 6)
#: No rate is below this many points, whatever the noise of a noisy copy.
LEAST_RATE = 0.05
#: Builds a conditional density of sbi's from examples: nothing of sbi or torch has types.
Net = Any


@dataclass(frozen=True)
class Runs:
    """Runs of a first wave: quantiles of the widened prior, and the targets as the agents answered them."""

    space: Space
    targets: Targets
    shares: Floats
    answers: Floats
    population: int

    def apart(self, count: int) -> tuple[Runs, Runs]:
        """All runs but `count` drawn by lot, and these: worlds with known parameters that nobody learns from."""
        lot = np.random.default_rng(11).permutation(len(self.shares))
        return self._some(np.sort(lot[count:])), self._some(np.sort(lot[:count]))

    def _some(self, rows: NDArray[np.int64]) -> Runs:
        return replace(self, shares=self.shares[rows], answers=self.answers[rows])

    @property
    def box(self) -> Floats:
        """The points of the runs."""
        return self.space.from_prior(self.shares, WIDENING)


def read_runs(folder: Path) -> Runs:
    """Read the runs of the first wave of a finished calibration; raises BadRequest where there are none."""
    try:
        command = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["command"]
    except (OSError, ValueError, KeyError) as error:
        raise BadRequest(f"{folder} holds no finished calibration: {error}") from error
    words = [word for before, word in zip(["", *command], command, strict=False) if "--out" not in (before, word)]
    plan = plan_of(read_calibration([*words[words.index("calibrate") + 1 :], "--out", str(folder)]))
    space, targets = Space(free_parameters()), official_targets()
    shares = first_shares(space, plan)
    runs = design_runs(space, plan, space.from_prior(shares, WIDENING), 1)
    for place in sorted((folder / "simulations").glob("*")):
        # One engine's store holds nearly all of them, if any.
        store = Store(place.parent, place.name)
        good = np.array([store.has(run) for run in runs])
        if good.mean() >= ENOUGH:
            answers = np.array([targets.of(store.read(run)[0]) for run in runs if store.has(run)])
            return Runs(space, targets, shares[good], answers, plan.population)
    raise BadRequest(f"{folder} holds no runs at the free parameters and priors that are declared now")


# --- nets --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nets:
    """An ensemble of conditional densities of the parameters, given a data set's statistics."""

    space: Space
    statistics: list[Callable[[Floats], Floats]]
    nets: list[Net]

    def normal_scores(self, data: Floats, count: int, seed: int = 0) -> Floats:
        """Draws [data set, draw, parameter] of normal scores under the widened prior, alike many from every net."""
        import torch

        torch.manual_seed(seed)
        with torch.no_grad():
            drawn = [
                net.sample((count // len(self.nets),), _tensor(of(data))).numpy()
                for of, net in zip(self.statistics, self.nets, strict=True)
            ]
        return np.concatenate(drawn).transpose(1, 0, 2).astype(float)


def box_of(space: Space, normal: Floats) -> Floats:
    """Points of the box from normal scores under the widened prior."""
    return space.from_prior(np.clip(ndtr(normal), 1e-9, 1 - 1e-9), WIDENING)


def under_prior(space: Space, normal: Floats, count: int, seed: int = 0) -> Floats:
    """Values under the prior, chosen by weight from draws under the widened one, which are in its normal scores."""
    box = box_of(space, normal)
    away = (box - space.centre) ** 2 @ space.precision
    weight = np.exp(-0.5 * (1 - WIDENING**-2) * (away - away.min()))
    return space.to_values(box[np.random.default_rng(seed).choice(len(box), count, p=weight / weight.sum())])


def train(runs: Runs, seed: int = 0) -> Nets:
    """Train the ensemble on the first wave: each step sees runs with errors drawn anew."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    lower = np.linalg.cholesky(runs.targets.covariance)
    normal = ndtri(np.clip(runs.shares, 1e-6, 1 - 1e-6))
    part = rng.permutation(len(normal)) % NETS
    statistics, nets = [], []

    def noisy(rows: NDArray[np.int64]) -> Floats:
        missed: Floats = runs.answers[rows] + rng.standard_normal((len(rows), len(lower))) @ lower.T
        return missed

    for left_out in range(NETS):
        seen, unseen = np.flatnonzero(part != left_out), np.tile(np.flatnonzero(part == left_out), COPIES)
        tuning = noisy(unseen)
        of = _statistics(runs, noisy, seen, normal, (tuning, normal[unseen]))
        statistics.append(of)
        told = (of(tuning), normal[unseen])
        nets.append(_net(partial(_told, of, noisy), seen, normal, told, rng))
    return Nets(runs.space, statistics, nets)


def _told(
    of: Callable[[Floats], Floats], noisy: Callable[[NDArray[np.int64]], Floats], rows: NDArray[np.int64]
) -> Floats:
    return of(noisy(rows))


def _statistics(
    runs: Runs, noisy: Callable[[NDArray[np.int64]], Floats], seen: NDArray[np.int64], normal: Floats,
    tuning: tuple[Floats, Floats],
) -> Callable[[Floats], Floats]:  # fmt: skip
    """As many statistics as parameters: what a ridge regression makes of a data set, and of its squares, for each."""
    from sklearn.linear_model import Ridge

    positive = runs.targets.positive

    def logs(data: Floats) -> Floats:
        return np.where(positive, np.log(np.maximum(data, LEAST_RATE)), data)

    rows = np.tile(seen, COPIES)
    examples = logs(noisy(rows))
    centre, spread = examples.mean(axis=0), examples.std(axis=0)
    fits = [Ridge(alpha=alpha).fit((examples - centre) / spread, normal[rows]) for alpha in PENALTIES]
    best = min(fits, key=lambda fit: np.mean((fit.predict((logs(tuning[0]) - centre) / spread) - tuning[1]) ** 2))
    size = best.predict((examples - centre) / spread).std(axis=0)

    def of(data: Floats) -> Floats:
        found: Floats = best.predict((logs(data) - centre) / spread) / size
        return found

    return of


def _net(
    examples: Callable[[NDArray[np.int64]], Floats], seen: NDArray[np.int64], normal: Floats,
    tuning: tuple[Floats, Floats], rng: np.random.Generator,
) -> Net:  # fmt: skip
    """One masked autoregressive flow, as it was when it foresaw the runs left out best."""
    import torch
    from sbi.neural_nets import posterior_nn

    build = posterior_nn(
        "maf", z_score_theta="none", z_score_x="none", hidden_features=HIDDEN, num_transforms=TRANSFORMS
    )
    net = build(_tensor(normal[seen]), _tensor(examples(seen)))
    stepper = torch.optim.Adam(net.parameters(), lr=RATE, weight_decay=1e-4)
    least, state, looked = np.inf, net.state_dict(), 0
    for step in range(STEPS):
        rows = rng.choice(seen, min(BATCH, len(seen)), replace=False)
        stepper.zero_grad()
        net.loss(_tensor(normal[rows]), condition=_tensor(examples(rows))).mean().backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        stepper.step()
        if step % LOOK == LOOK - 1:
            with torch.no_grad():
                loss = float(net.loss(_tensor(tuning[1]), condition=_tensor(tuning[0])).mean())
            looked = 0 if loss < least else looked + 1
            if loss < least:
                least, state = loss, {name: one.clone() for name, one in net.state_dict().items()}
            if looked >= PATIENCE:
                break
    net.load_state_dict(state)
    return net


def _tensor(rows: Floats) -> Any:
    import torch

    return torch.as_tensor(np.ascontiguousarray(rows), dtype=torch.float32)


# --- the check ---------------------------------------------------------------------------------------------


def found_by(nets: Nets, worlds: Runs, data: Floats) -> Recovery:
    """The known worlds found again by the nets, under the widened prior that these worlds are of."""
    space = worlds.space
    draws = [space.to_values(box_of(space, one)) for one in nets.normal_scores(data, DRAWN)]
    return Recovery.of(space, space.to_values(worlds.box), np.array(draws))


def by_surface(runs: Runs, surface: Emulator) -> Floats:
    """Draws of the surface's posterior that knows no more than the nets: one wave, a single run's luck."""
    covariance = runs.targets.covariance + surface.run_covariance
    problem = Problem.holding(runs.space, surface, runs.targets.official, covariance, np.arange(len(runs.targets)))
    return runs.space.to_values(sample(problem, best_point(problem), 4000))


def widened(space: Space) -> Space:
    """The space whose prior is that of the first wave."""
    return Space([replace(one, sd=None if one.sd is None else WIDENING * one.sd) for one in space.free])


def main(words: Sequence[str]) -> int:
    """Read, train, check, write."""
    parser = argparse.ArgumentParser(prog="python -m experiments.calibration.npe", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of a finished `run.py calibrate`")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="where npe.md and figures/ go (default: docs)")
    options = parser.parse_args(words)
    if find_spec("sbi") is None:
        parser.exit(2, "sbi is not installed: pip install 'china-labour-lab[npe]'\n")
    try:
        runs = read_runs(options.folder)
    except BadRequest as error:
        parser.exit(2, f"{error}\n")
    learnt, worlds = runs.apart(WORLDS)
    surface = learn(learnt.box, learnt.answers, runs.targets.positive, runs.targets.group)
    nets = train(learnt)
    official = under_prior(runs.space, nets.normal_scores(runs.targets.official[None], DRAWS)[0], DRAWS // 4)
    data, every = with_errors(runs.targets, worlds.answers), np.arange(len(runs.targets))
    values = runs.space.to_values(worlds.box)
    found = {
        "nets": found_by(nets, worlds, data),
        "surface": found_again(widened(runs.space), runs.targets, surface, values, data, every),
    }
    pictures(found, options.out / "figures", DRAWN)
    text = document(options.folder, learnt, official, by_surface(learnt, surface), found)
    write_whole(options.out / "npe.md", text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
