# SPDX-License-Identifier: MPL-2.0
"""Lists of many patients: for calling, writing and billing."""
