"""Posts that firms offer, and the boards on which seekers find them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .firms import Firm
    from .people import Person


@dataclass(slots=True, eq=False)
class Vacancy:
    """One open post: who may apply, what it pays, and who leads its ranking this round."""

    firm: Firm
    occupation: int
    closed_at_35: bool
    open_to_beginners: bool
    ranks_experience: bool
    offer: float
    wants: bool | None = None  # a woman, a man, or either
    filled: bool = False
    best: Person | None = None
    best_score: float = float("-inf")

    def admits(self, over_35: bool, beginner: bool) -> bool:
        """Whether people of this kind may apply."""
        return not (over_35 and self.closed_at_35) and not (beginner and not self.open_to_beginners)


#: Kinds of seekers: 2 · over 35 + beginner. Skills: 0 not STEM, 1 STEM, 2 K-visa holder.
KINDS = [(False, False), (False, True), (True, False), (True, True)]


@dataclass(frozen=True, slots=True)
class JobMap:
    """Occupations as a seeker sees them: which can be reached from each, and who is admitted."""

    targets: list[list[int]]
    ease: list[list[float]]
    admitted: list[list[bool]]  # [skill][occupation]


class Board:
    """Open posts of a month, by occupation and by who may apply."""

    def __init__(self, jobs: JobMap, posts: Sequence[Vacancy] = ()) -> None:
        self.jobs = jobs
        self.posts = list(posts)
        self.open_to: list[list[list[Vacancy]]] = []  # [kind][occupation]
        self.attraction: list[float] = []
        self._odds: dict[tuple[int, int, int], list[float]] = {}

    def arrange(self, attraction: list[float]) -> None:
        """Sort the posts for this month's seekers; `attraction` is each occupation's pay over its usual openings."""
        self.open_to = [[[] for _ in attraction] for _ in KINDS]
        for post in self.posts:
            for kind, (over_35, beginner) in enumerate(KINDS):
                if post.admits(over_35, beginner):
                    self.open_to[kind][post.occupation].append(post)
        self.attraction = attraction
        self._odds.clear()

    def odds(self, kind: int, skill: int, occupation: int) -> list[float]:
        """Cumulative weights of the occupations reachable from one, worked out when somebody first asks."""
        key = kind, skill, occupation
        known = self._odds.get(key)
        if known is None:
            posts, admitted, jobs = self.open_to[kind], self.jobs.admitted[skill], self.jobs
            known = self._odds[key] = list(
                accumulate(
                    ease * len(posts[j]) * self.attraction[j] if admitted[j] else 0.0
                    for j, ease in zip(jobs.targets[occupation], jobs.ease[occupation], strict=True)
                )
            )
        return known

    def choose(self, kind: int, skill: int, occupation: int, luck: float) -> list[Vacancy]:
        """The posts of the occupation a seeker picks; none when nothing is open to them within reach."""
        odds = self.odds(kind, skill, occupation)
        if odds[-1] <= 0.0:
            return []
        place = min(bisect_left(odds, luck * odds[-1]), len(odds) - 1)
        return self.open_to[kind][self.jobs.targets[occupation][place]]
