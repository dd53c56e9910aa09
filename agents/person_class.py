"""Which class of `agents.people` a person belongs to; Mesa, which the market alone does not need, is not loaded."""

from __future__ import annotations

from numba import njit

from agents.columns import Education, Flag

#: Months after a tertiary graduation during which a person counts as a graduate.
GRADUATE_MONTHS = 24
#: Age in months from which the 35 line applies.
THIRTY_FIVE = 35 * 12
#: The names of the classes, in the order of `agents.people.PERSON_CLASSES`.
CLASS_NAMES = ("KVisaHolder", "Graduate", "Over35Worker", "Worker")
K_VISA_HOLDER, GRADUATE, OVER_35_WORKER, WORKER = range(len(CLASS_NAMES))

_FOREIGN, _TERTIARY = int(Flag.FOREIGN), int(Education.VOCATIONAL_COLLEGE)


@njit(cache=True)
def person_class(flags: int, education: int, months_since_graduation: int, age_months: int) -> int:
    """Which of the four classes a person belongs to: the first that fits, in the order of `CLASS_NAMES`."""
    native = OVER_35_WORKER if age_months >= THIRTY_FIVE else WORKER
    recent = (months_since_graduation >= 0) & (months_since_graduation <= GRADUATE_MONTHS)
    native = GRADUATE if (education >= _TERTIARY) & recent else native
    return K_VISA_HOLDER if flags & _FOREIGN else native
