# SPDX-License-Identifier: MPL-2.0
"""Finding patients and their master data."""
