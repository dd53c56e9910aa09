"""Regularities of labour markets everywhere: the Beveridge curve, job finding, duration, scars, the job graph."""

from __future__ import annotations

import math

from experiments.validation.checks import Check, Verdict, between, surely_negative
from experiments.validation.connectivity import CONNECTIVITY, FEW, MORE, SHIPPED, Connectivity
from experiments.validation.demand_cycle import DEMAND_CYCLE, DemandCycle
from experiments.validation.graduates import DECLARED_SLUMP, GRADUATES, Scar
from experiments.validation.histories import HISTORIES, Hazards

UNEMPLOYMENT, VACANCIES, FINDING, TIGHTNESS = "unemployment_rate", "vacancy_rate", "job_finding_rate", "tightness"
#: Months of tenure that count as a new and as a settled job, and of a spell as fresh and as eight months old.
NEW_JOB, SETTLED_JOB = slice(0, 12), slice(36, 121)
FRESH, EIGHT_MONTHS = slice(0, 1), slice(7, 10)


def _beveridge_slope(cycle: DemandCycle) -> Verdict:
    across, up = (100 * cycle.swing(name) for name in (UNEMPLOYMENT, VACANCIES))
    note = (
        f"over one wave of demand (2 % up and down) unemployment swings by {across.max() - across.min():.1f} points, "
        f"vacancies by {up.max() - up.min():.1f}"
    )
    return between(-1.1, cycle.elasticity(VACANCIES, UNEMPLOYMENT), -0.5, note)


def _beveridge_loop(cycle: DemandCycle) -> Verdict:
    area = cycle.loop_area
    way = "counter-clockwise" if area > 0 else "clockwise"
    return Verdict(area, area > 0, f"{way}; the loop of the United States from 2007 to 2018 encloses +3.6")


def _finding(cycle: DemandCycle) -> Verdict:
    return between(0.28, cycle.elasticity(FINDING, TIGHTNESS), 0.6, "over the same wave of demand")


def _tenure(hazards: Hazards) -> Verdict:
    new, settled = (hazards.ended[months].sum() / hazards.staying[months].sum() for months in (NEW_JOB, SETTLED_JOB))
    note = (
        f"{100 * new:.1f} % of jobs in their first year end in a month, {100 * settled:.1f} % of those older than "
        f"three years; {100 * hazards.ended_in_a_year:.0f} % of new jobs end in a year (in the literature about half)"
    )
    ratio = float(settled / new)
    return Verdict(100 * (ratio - 1), ratio < 1, note)


def _spell(hazards: Hazards) -> Verdict:
    fresh, eight = (hazards.found[months].sum() / hazards.seeking[months].sum() for months in (FRESH, EIGHT_MONTHS))
    note = f"{100 * fresh:.0f} % find a job in the month after losing one, {100 * eight:.0f} % after eight months"
    change = 100 * float(eight / fresh - 1)
    return Verdict(change, change < 0, note)


def _first_pay(scar: Scar) -> Verdict:
    value, half = scar.first_pay_loss()
    note = (
        f"± {half:.1f}; the slump lived through adds {scar.slack:.1f} points to youth unemployment in the year "
        f"after graduation and takes {-100 * math.expm1(scar.earnings.mean()):.1f} % of that year's earnings, months "
        "without work included"
    )
    return between(-12.0, value, -6.0, note)


def _fading(scar: Scar) -> Verdict:
    (first, half), (later, _) = scar.first_pay_loss(), scar.pay_in_year(5)
    note = f"first pay {first:+.1f} %, pay in the fifth year {later:+.1f} %"
    if not first + half < 0:
        return Verdict(math.nan, passed=False, note=f"{note}: no loss that could fade")
    return between(30.0, 100 * (1 - later / first), 70.0, note)


def _connected(found: Connectivity) -> Verdict:
    gain, half = found.change(SHIPPED, FEW)
    more, more_half = found.change(MORE, SHIPPED)
    note = (
        f"± {half:.2f}, from {found.ways_out[FEW]:.0f} to {found.ways_out[SHIPPED]:.0f} ways out each; "
        f"on to {found.ways_out[MORE]:.0f} ways it changes by {more:+.2f} ± {more_half:.2f}"
    )
    return surely_negative(gain, half, note)


MARKET_CHECKS: tuple[Check, ...] = (
    Check("beveridge_slope", "Beveridge curve over a demand cycle: % vacancies per % unemployment", "-0.5 to -1.1",
          "elasticity", "computed from BLS and JOLTS: -0.66 (2001-18), -0.97 (2001-07), -0.75 (from 2009-11)",
          "test", DEMAND_CYCLE, _beveridge_slope),
    Check("beveridge_loop", "Beveridge curve over a demand cycle: area of the loop", "counter-clockwise (above 0)",
          "points squared", "computed from BLS and JOLTS, 2007-12 to 2018-09; del Rio-Chanona et al. 2021",
          "test", DEMAND_CYCLE, _beveridge_loop),
    Check("job_finding_on_tightness", "job finding on tightness over a demand cycle: % per %", "0.28 to 0.6",
          "elasticity", "Shimer 0.28, Mortensen-Nagypal 0.54, Brügemann 0.37 to 0.46", "test", DEMAND_CYCLE, _finding),
    Check("separation_by_tenure", "chance that a job ends: after three years relative to the first year",
          "falls (below 0); size reported", "%", "Farber: about half of new jobs end in a year (recollection)",
          "coded in", HISTORIES, _tenure),
    Check("job_finding_by_spell", "chance to find a job: after eight months without one relative to the first",
          "falls (below 0); size reported", "%",
          "Kroft et al. 2013: callbacks fall by about 45 % in eight months (recollection)", "coded in",
          HISTORIES, _spell),
    Check("graduate_first_pay", f"first pay of a class, per {DECLARED_SLUMP:.0f} points of youth unemployment",
          "-6 to -12 %", "%", "Oreopoulos et al. 2012: -9 % (the size of the slump is our reading)", "test",
          GRADUATES, _first_pay),
    Check("graduate_scar_fades", "part of that loss gone in the fifth year", "about half (30 to 70 %)", "%",
          "Oreopoulos et al. 2012: half gone in five years", "test", GRADUATES, _fading),
    Check("connected_job_graph", "unemployment with the shipped job graph against one with four ways out of each "
          "occupation", "falls (below 0); size reported", "points", "Moro et al. 2021: better connected "
          "cities had less unemployment", "test", CONNECTIVITY, _connected),
)  # fmt: skip
