"""A market can be given other occupations than those of data/; by default it has those."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from engine_cases import run, same, scenario

from model.country.china import CHINA
from model.country.tables import MOST_OCCUPATIONS, OccupationalStructure
from model.market import Market


def test_the_structure_of_the_data_is_the_default() -> None:
    """Given in so many words, even with its occupations in arrays of their own, it changes no byte."""
    asked = scenario(2000, "2018-06")
    known = CHINA.structure
    copied = {
        field.name: value.copy()
        for field in fields(known.occupations)
        if isinstance(value := getattr(known.occupations, field.name), np.ndarray)
    }
    given = OccupationalStructure(replace(known.occupations, **copied), known.shares.copy())
    market = Market(asked, 5, structure=given)
    while market.month < market.last_month:
        market.advance()
    assert same(run(asked, 5), market.table())


def test_other_pay_is_heard() -> None:
    """Riders who earn twice as much are dear: the market does not fall back on the table of data/."""
    known = CHINA.structure
    rider = known.occupations.index("delivery_rider")
    wage = known.occupations.wage.copy()
    wage[rider] *= 2
    market = Market(
        scenario(1000, "2018-01"), 5, structure=replace(known, occupations=replace(known.occupations, wage=wage))
    )
    usual = Market(scenario(1000, "2018-01"), 5)
    assert market.exogenous.trades.pay[rider] == pytest.approx(2 * usual.exogenous.trades.pay[rider])
    assert market.exogenous.gig_pay > 1.2 * usual.exogenous.gig_pay


def test_more_occupations_than_a_column_holds_are_refused() -> None:
    known = CHINA.structure
    many = tuple(f"trade_{k}" for k in range(MOST_OCCUPATIONS + 1))
    with pytest.raises(ValueError, match="257 occupations"):
        replace(known, occupations=replace(known.occupations, ids=many))
