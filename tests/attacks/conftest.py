# SPDX-License-Identifier: MPL-2.0
"""Attacks on the pages need them served, as the tests of the pages do."""

from tests.web.conftest import built_front_end

__all__ = ["built_front_end"]
