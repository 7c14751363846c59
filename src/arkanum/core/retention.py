# SPDX-License-Identifier: MPL-2.0
"""How long a record must be kept (*Aufbewahrungsfrist*)."""

from datetime import date

YEARS_AFTER_TREATMENT = 10
"""§ 630f (3) BGB: ten years after the treatment has ended."""

_FEBRUARY = 2
_LEAP_DAY = 29


def keep_until(treatment_ended: date) -> date:
    """Return the last day on which the record must still exist.

    Args:
        treatment_ended: day of the last contact in this treatment.

    Returns:
        The same day ten years later; 28 February for a leap day.

    Source: § 630f (3) BGB. Longer duties (X-ray, blood products) are
    separate rules and win over this one.
    """
    # Ten years after a leap year is never one, so its extra day is always missing.
    leap_day = (treatment_ended.month, treatment_ended.day) == (_FEBRUARY, _LEAP_DAY)
    day = _LEAP_DAY - 1 if leap_day else treatment_ended.day
    return treatment_ended.replace(year=treatment_ended.year + YEARS_AFTER_TREATMENT, day=day)
