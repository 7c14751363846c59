# SPDX-License-Identifier: MPL-2.0
"""Pages around the log: alarms, sheets on paper, signed excerpts, and the picture of accesses."""
