# SPDX-License-Identifier: MPL-2.0
"""A test that cannot fail proves nothing: every attack also runs on a weakened twin."""

from collections.abc import Callable
from typing import TypeVar

Subject = TypeVar("Subject")


def assert_red(attack: Callable[[Subject], object], weak: Subject) -> None:
    """Run an attack on a deliberately weakened twin; it has to turn red there.

    The attack is the same function that stays green on the product. It takes its
    subject as the only argument and fails by `assert`: any other error means that
    the twin is broken rather than weak, and is not hidden.

    Raises:
        AssertionError: when the attack does not notice the weakness.
    """
    try:
        attack(weak)
    except AssertionError:
        return
    raise AssertionError(f"{attack.__name__} stays green on the weakened twin")
