"""Numbers as people write them: percent with one decimal, millions of people (万 in Chinese), points of difference."""

from __future__ import annotations

import math

from model.mechanism import Indicator, Measure
from model.specification import in_force
from views.words.language import ENGLISH, Speech, phrase

MISSING = phrase("n/a")
#: Rates and shares are read in percent; everything else as it is.
_PERCENT: tuple[Measure, ...] = ("rate", "share")


def is_percent(name: str) -> bool:
    """Whether an indicator is read in percent."""
    indicator = in_force().indicator.get(name)
    return indicator is not None and indicator.kind in _PERCENT and not indicator.plain


def count(value: float, say: Speech = ENGLISH) -> str:
    """A number of people, jobs or homes: millions above a million, 万 and 亿 in Chinese, else three figures."""
    size = abs(value)
    if say.language == "zh":
        return _count_zh(value)
    if size >= 99_950_000:
        return f"{value / 1e6:,.0f} million"
    if size >= 999_500:
        return f"{value / 1e6:.1f} million"
    if size >= 1000:
        step = 10 ** (math.floor(math.log10(size)) - 2)
        return f"{round(value / step) * step:,.0f}"
    return f"{value:,.0f}"


def _count_zh(value: float) -> str:
    """Three figures of ten thousands (万) or hundred millions (亿)."""
    for unit, sign in ((1e8, "亿"), (1e4, "万")):
        size = abs(value) / unit
        if size >= 0.995:
            return f"{value / unit:,.{max(0, 2 - int(math.log10(max(size, 1))))}f}{sign}"
    return f"{value:,.0f}"


def _plain(value: float, indicator: Indicator, say: Speech) -> str:
    """A value that is not read in percent, without its unit unless the unit is a word of the number."""
    if indicator.kind == "count":
        return count(value, say)
    if indicator.kind == "index":
        return f"{value:.1f}"
    if indicator.kind == "money":
        return say("{number} yuan", number=_money(value, say))
    return f"{value:.2f}"


def _money(value: float, say: Speech) -> str:
    """Yuan to the yuan, from a million on in three figures."""
    if abs(value) < 1e6:
        return f"{value:,.0f}"
    return f"{value / 1e9:,.3g} billion" if abs(value) >= 1e9 and say.language == "en" else count(value, say)


def percent(value: float, say: Speech = ENGLISH, places: int = 1) -> str:
    """A share in percent: `16.4 %`."""
    return say("{number} %", number=f"{100 * value:.{places}f}")


def amount(name: str, value: float, say: Speech = ENGLISH) -> str:
    """A level of an indicator: `16.4 %`, `496 million`, `83.2`."""
    if not math.isfinite(value):
        return say(MISSING)
    if is_percent(name):
        return percent(value, say)
    return _plain(value, in_force().indicator[name], say)


def decimals(name: str, *values: float) -> int:
    """How many decimals points of percent need, so that an effect of hundredths does not read as nothing."""
    finite = [abs(100 * value) for value in values if math.isfinite(value)]
    return 2 if is_percent(name) and finite and max(finite) < 0.5 else 1


def change(name: str, value: float, places: int | None = None, say: Speech = ENGLISH) -> str:
    """A difference of an indicator, with its sign and unit: `+2.5 points`, `-1.2 million`."""
    if not math.isfinite(value):
        return say(MISSING)
    if is_percent(name):
        shown = decimals(name, value) if places is None else places
        return points(100 * value, shown, say)
    text = _plain(abs(value), in_force().indicator[name], say)
    sign = "" if text.strip("0.") == "" else "-" if value < 0 else "+"
    return sign + text


def points(value: float, places: int, say: Speech = ENGLISH) -> str:
    """Percentage points with their sign."""
    return say("{number} points", number=signed(value, places))


def signed(value: float, places: int) -> str:
    """A number with its sign; a rounded nothing has none."""
    text = f"{value:+.{places}f}"
    return text[1:] if float(text) == 0 else text


def negligible(name: str, difference: float, low: float, high: float) -> bool:
    """Whether a difference and its interval all read as nothing at the decimals shown, though they are not."""
    places = decimals(name, difference, low, high)
    texts = (change(name, value, places) for value in (difference, low, high) if math.isfinite(value))
    return difference != 0 and all(float(text.split()[0].replace(",", "")) == 0 for text in texts)


def interval(name: str, low: float, high: float, places: int | None = None, say: Speech = ENGLISH) -> str:
    """An interval of differences, unit left out when it is points: `+2.3 to +2.7`."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return say(MISSING)
    if is_percent(name):
        shown = decimals(name, low, high) if places is None else places
        return between(signed(100 * low, shown), signed(100 * high, shown), say)
    return between(change(name, low, say=say), change(name, high, say=say), say)


def between(low: str, high: str, say: Speech = ENGLISH) -> str:
    """From one number to another; the unit, where both have it, is told once."""
    for unit in (" million", " yuan", "万", "亿", "元", " %", "%"):
        if low.endswith(unit) and high.endswith(unit):
            low = low.removesuffix(unit)
    return say("{low} to {high}", low=low, high=high)


def level_interval(name: str, low: float, high: float, say: Speech = ENGLISH) -> str:
    """An interval of levels: `16.2 to 16.6 %`."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return say(MISSING)
    return between(amount(name, low, say), amount(name, high, say), say)


def change_with_interval(
    name: str, difference: float, low: float, high: float, level: float = 0.0, say: Speech = ENGLISH
) -> tuple[str, str]:
    """A difference and its interval for the cell of a table, in one unit: `-0.21 pp` and `-0.30 to -0.12`.

    Where the `level` beside it is told in millions, so is the difference. Without an interval its text is empty.
    """
    if not math.isfinite(difference):
        return say(MISSING), ""
    known = math.isfinite(low) and math.isfinite(high)
    if say.language == "en" and in_force().indicator[name].kind == "count" and level >= 999_500:
        span = f"{signed(low / 1e6, 2)} to {signed(high / 1e6, 2)}" if known else ""
        return f"{signed(difference / 1e6, 2)} m", span
    places = decimals(name, difference, low, high)
    text = change(name, difference, places, say).replace(" points", " pp")
    return text, interval(name, low, high, places, say) if known else ""


def index(value: float) -> str:
    """An index between 0 and 1, with two decimals: never a percentage, which would read as a share of something."""
    return f"{value:.2f}"
