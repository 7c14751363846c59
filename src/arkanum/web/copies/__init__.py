# SPDX-License-Identifier: MPL-2.0
"""What leaves the practice: the patient's own copy."""
