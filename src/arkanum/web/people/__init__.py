# SPDX-License-Identifier: MPL-2.0
"""The team, its devices, one's own account, the log."""
