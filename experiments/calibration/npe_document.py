"""The page and the pictures of the cross-check: docs/npe.md and two figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml
from numpy.typing import NDArray

from experiments.calibration.identification import Recovery
from model.country.china import CHINA

if TYPE_CHECKING:
    from experiments.calibration.npe import Runs

Floats = NDArray[np.float64]
FIGURES = {"nets": "npe_ranks.png", "surface": "npe_ranks_surface.png"}
#: Of so many nets and surfaces times parameters one falls below this by chance once in a hundred documents.
FAMILY = 0.01
TEXT = """# A cross-check by neural posterior estimation

Made by `python -m experiments.calibration.npe {folder}` from the first wave of runs ({people:,} persons each) that
`run.py calibrate` left in that folder. It needs the extra `npe` (`pip install 'china-labour-lab[npe]'`: sbi, which
brings PyTorch); nothing else does, and it is in no lock.

`run.py calibrate` learns a quadratic surface of the targets and trusts a Gaussian likelihood. The nets learn the
posterior itself: masked autoregressive flows (`sbi`) from data to parameters, {nets} of them, each stopped by another
fifth of the runs. They share with the surface only the runs, the prior and the stated errors, which are drawn anew for
every step of the training, so that a run is many noisy data sets. Of the {targets} targets they see as many statistics
as there are parameters: a ridge regression's (semi-automatic statistics), fitted on the same runs. Both learn from
{runs:,} runs; {worlds} others, drawn by lot, are kept back as worlds with known parameters.

Runs were drawn from the prior widened 1.5 times; for the official months draws are weighted to the prior itself. Later
waves are not used: their runs lie where the official months are, so that in them ranks would not be those of a prior.
Nets infer the {held} parameters that the fit holds too, and are compared on the others; the fit spreads those {held} as
the prior does, whatever the months say.

## The official months

Mean and standard deviation. *Nets* and *surface, one wave* know the same: the first wave alone, and that a data set
holds the luck of one run of {people:,} persons, which the official months do not. *Calibration* is the fit that the
folder holds (best value): its later waves lie where the data are, and it takes official months for free of that
luck, so that its intervals are narrower by right. *Apart* is nets less surface in the surface's standard
deviations.

```
{table}
```

{apart}

## Simulation-based calibration

Parameters from the widened prior, data from the agents with the stated errors, the rank of the true value among the
draws of the posterior: even from 0 to 1 where posteriors are right; heaped at both ends where they are too narrow. *p*
is the Kolmogorov-Smirnov test's (`sbi.diagnostics`).

```
{ranks}
```

{even}

![Ranks of the nets: histograms and cumulated, with the band that even ranks keep within](figures/npe_ranks.png)

![Ranks of the surface's posterior](figures/npe_ranks_surface.png)

## What this can tell and what not

- {runs:,} runs are few for nets in {parameters} dimensions: where theirs are wider than the surface's intervals,
  that is mostly lack of runs, not a finding about the surface. Where both are centred alike, the quadratic and the
  Gaussian likelihood are not what put the posterior there.
- The statistics are linear in log rates. What only a curved statistic would tell, the nets do not know.
- {worlds} worlds show an 80 % interval that holds 70 % (standard error {error:.1%} for one parameter), not one that
  holds 77 %.
- Both ask about posteriors averaged over the widened prior. At the official months, which lie at the edge of what the
  prior believes in some directions, either may do worse.
- Ranks know nothing of the model's own faults: data in them come from the agents.
"""


def document(folder: Path, runs: Runs, official: Floats, surface: Floats, found: Mapping[str, Recovery]) -> str:
    """The page as Markdown."""
    from experiments.calibration.npe import NETS

    moved = list(runs.space.moved)
    apart = ((official.mean(axis=0) - surface.mean(axis=0)) / surface.std(axis=0))[moved]
    names = [runs.space.names[place] for place in moved]
    far = [f"`{name}` ({one:+.1f})" for name, one in zip(names, apart, strict=True) if abs(one) > 1]
    near = f"Nets and surface lie within one standard deviation for {len(names) - len(far)} of {len(names)} parameters"
    return TEXT.format(
        folder=folder.name, runs=len(runs.shares), people=runs.population, worlds=_worlds(found), nets=NETS,
        parameters=len(runs.space.free), held=len(runs.space.held), targets=len(runs.targets),
        error=(0.8 * 0.2 / _worlds(found)) ** 0.5, ranks=_ranks(names, found), even=_even(names, found),
        table=_table(folder, runs, official, surface, apart),
        apart=near + (f"; not for {', '.join(far)}." if far else "."),
    )  # fmt: skip


def _worlds(found: Mapping[str, Recovery]) -> int:
    return len(found["nets"].true)


def _even(names: list[str], found: Mapping[str, Recovery]) -> str:
    """For which parameters ranks are told from even ones."""
    said = []
    for who, one in found.items():
        p = even_p(one.ranks)
        bad = [f"`{name}`" for name, value in zip(names, p, strict=True) if value < FAMILY / (2 * len(names))]
        said.append(
            f"Ranks of the {who} are told from even ones for {', '.join(bad)}."
            if bad
            else f"Ranks of the {who} cannot be told from even ones for any single parameter."
        )
        said.append(f"Of its {len(p)} p {np.sum(p < 0.05)} lie below 5 %, where {len(p) / 20:.1f} are expected.")
    return f"{' '.join(said)} (Single parameters at a level of {FAMILY:.0%} for both tables together.)"


def even_p(ranks: Floats) -> Floats:
    """How probable ranks as uneven as these would be if the posterior were right, by parameter."""
    import torch
    from sbi.diagnostics.sbc import check_uniformity_frequentist

    found: Floats = check_uniformity_frequentist(torch.as_tensor(ranks, dtype=torch.float32), 1).numpy().astype(float)
    return found


def _table(folder: Path, runs: Runs, official: Floats, surface: Floats, apart: Floats) -> str:
    fitted = yaml.safe_load((folder / CHINA.fitted_file.name).read_text(encoding="utf-8"))["parameters"]
    lines = [f"{'':28}{'prior':>18}{'nets':>20}{'surface, one wave':>20}{'calibration':>20}{'apart':>7}"]
    prior = runs.space.to_values(runs.space.draw_prior(np.random.default_rng(0), 4000))
    for place, away in zip(runs.space.moved, apart, strict=True):
        one = runs.space.free[place]
        said = [f"{draws[:, place].mean():.4g} ± {draws[:, place].std():.2g}" for draws in (prior, official, surface)]
        said.append(f"{fitted[one.path]['value']:.4g} ± {fitted[one.path]['sd']:.2g}")
        lines.append(f"{one.name:28}{said[0]:>18}" + "".join(f"{word:>20}" for word in said[1:]) + f"{away:+7.1f}")
    return "\n".join(lines)


def _ranks(names: list[str], found: Mapping[str, Recovery]) -> str:
    lines = [f"{'':28}" + "".join(f"{who + ': rank corr.':>20}{'80 % held':>11}{'p':>8}" for who in found)]
    columns = [(one.rank_correlation, one.coverage, even_p(one.ranks)) for one in found.values()]
    for place, name in enumerate(names):
        lines.append(f"{name:28}" + "".join(f"{r[place]:20.2f}{c[place]:11.0%}{p[place]:8.3f}" for r, c, p in columns))
    lines.append(f"{'all':28}" + "".join(f"{r.mean():20.2f}{c.mean():11.0%}{'':8}" for r, c, _ in columns))
    return "\n".join(lines)


def pictures(found: Mapping[str, Recovery], folder: Path, draws: int) -> None:
    """Histograms of ranks by parameter, and their cumulated shares with the band that even ones keep within."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    from sbi.analysis import sbc_rank_plot

    folder.mkdir(parents=True, exist_ok=True)
    for who, one in found.items():
        names, ranks = [parameter.name for parameter in one.moved], np.round(one.ranks * draws)
        rows = -(-len(names) // 4)
        figure = plt.figure(figsize=(13, 2 * rows + 5), layout="constrained")
        grid = figure.add_gridspec(2, 1, height_ratios=(2 * rows, 5))
        above, below = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
        axes = above.subplots(rows, 4, squeeze=False).ravel()
        sbc_rank_plot(
            ranks, draws, plot_type="hist", num_bins=10, parameter_labels=names, fig=above, ax=axes[: len(names)]
        )
        for empty in axes[len(names) :]:
            empty.set_axis_off()
        sbc_rank_plot(ranks, draws, plot_type="cdf", parameter_labels=names, fig=below, ax=below.subplots())
        figure.savefig(folder / FIGURES[who], dpi=80)
        plt.close(figure)
