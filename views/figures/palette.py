"""Colours that stay apart for colour-blind readers, and the arithmetic that proves text readable.

The eight colours are those of Okabe and Ito (2008). A line is never told by its colour alone: `MARKS` pairs each
colour with a dash pattern and a marker of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Dash patterns in points, as matplotlib reads them: 0, (on, off, ...).
Dash = tuple[int, tuple[float, ...]]

BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
OKABE_ITO = (BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILLION, PURPLE)

PAPER = "#FFFFFF"
INK = "#1A1A1A"
QUIET = "#595959"
RULE = "#D9D9D9"
#: The contrast that WCAG 2 asks of text (level AA).
LEAST_CONTRAST = 4.5


@dataclass(frozen=True, slots=True)
class Mark:
    """How one series is drawn: a colour, a dash pattern and a marker, so that any one of them can be lost."""

    colour: str
    dash: Dash
    marker: str


MARKS = (
    Mark(BLUE, (0, ()), "o"),
    Mark(VERMILLION, (0, (5, 2)), "s"),
    Mark(GREEN, (0, (1.5, 1.5)), "^"),
    Mark(PURPLE, (0, (7, 2, 1.5, 2)), "D"),
    Mark(ORANGE, (0, (3, 1, 1, 1, 1, 1)), "v"),
    Mark(SKY, (0, (10, 2)), "h"),
)


def _channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of `#RRGGBB`, each 0..1."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` as WCAG 2 defines it, 0 (black) to 1 (white)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 (the same) to 21 (black on white)."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def text_colour(colour: str, background: str = PAPER) -> str:
    """The same hue, darkened until text in it is readable on the (light) background."""
    share = 1.0
    shade = colour
    while contrast(shade, background) < LEAST_CONTRAST and share > 0:
        share -= 0.02
        shade = "#" + "".join(f"{round(255 * share * part):02X}" for part in _channels(colour))
    return shade
