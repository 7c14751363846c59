# SPDX-License-Identifier: MPL-2.0
"""The start page, assets, the sign of life."""
