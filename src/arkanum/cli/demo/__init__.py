# SPDX-License-Identifier: MPL-2.0
"""The lively practice: invented patients and what was written about them."""
