# SPDX-License-Identifier: MPL-2.0
"""One linear chain of migrations for all tables."""
