# SPDX-License-Identifier: MPL-2.0
"""The questions a client offers, in groups; `arkanum.guard.Client` is all of them together."""
