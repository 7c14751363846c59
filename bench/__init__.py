# SPDX-License-Identifier: MPL-2.0
"""The stopwatch: the real thing beside a plaintext twin, in the same run. Nothing of it is part of the product."""
