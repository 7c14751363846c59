# SPDX-License-Identifier: MPL-2.0
"""Moving in: files of other programs."""
