# SPDX-License-Identifier: MPL-2.0
"""The chart: read, write, correct."""
