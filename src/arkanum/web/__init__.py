# SPDX-License-Identifier: MPL-2.0
"""The pages: parse, ask, call, show. A page never touches a table and never holds a key beyond one request."""
