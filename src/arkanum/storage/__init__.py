# SPDX-License-Identifier: MPL-2.0
"""Rows and files that storage itself cannot read: every column is sealed or stands in `PLAIN`."""
