# SPDX-License-Identifier: MPL-2.0
"""Before the sign-in: first start, sign-in, devices, paper codes, the sealed practice."""
