# SPDX-License-Identifier: MPL-2.0
"""Foreign formats: pure functions between bytes and values, with no key and no table."""
