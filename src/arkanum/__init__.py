# SPDX-License-Identifier: MPL-2.0
"""Arkanum: practice software that keeps the doctor's secret by the way it is built.

The rooms, from the ground up (imports go downwards only, see docs/house.md):
`core` and `vault`, `storage`, `guard`, `charts` and `staff`, `exchange`, `web` and `cli`.
"""

__version__ = "0.1.0"
