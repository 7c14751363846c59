# SPDX-License-Identifier: MPL-2.0
"""The brake's pages: going on, agreeing for a colleague, limits, planted patients."""
