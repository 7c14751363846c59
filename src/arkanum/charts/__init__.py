# SPDX-License-Identifier: MPL-2.0
"""Charts: patients' master data and their entries, read and written with a grant in hand."""
