"""The property block: its readings, identities and determinism."""

from __future__ import annotations

import numpy as np

from model.property_market import PropertyMarket, advance_property, open_property_market


def run(months: int, seed: int = 1, credit_limit: float = 1.0, **values: float) -> PropertyMarket:
    market = open_property_market({f"property.{name}": value for name, value in values.items()}, seed)
    for month in range(months):
        advance_property(
            market, month=month, income=1.05 ** (month / 12.0), confidence=1.0,
            credit_limit=credit_limit if month >= 31 else 0.0, purchases=0.0,
        )
    return market


def test_indices_are_one_in_the_first_month() -> None:
    market = run(1)
    readings = (market.activity, market.sales, market.starts, market.price, market.new_price)
    assert readings == (1.0, 1.0, 1.0, 1.0, 1.0)
    assert np.all(market.developer_activity == 1.0)


def test_books_close() -> None:
    assert run(120).largest_violation() < 1e-9


def test_same_seed_same_market() -> None:
    first, again = run(60), run(60)
    for one, other in zip(first.columns, again.columns, strict=True):
        assert np.array_equal(one, other)
