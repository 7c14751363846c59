# SPDX-License-Identifier: MPL-2.0
"""The twin: the same pages over the same contents, in the clear. No guard, no log, no keys.

It is what one would write if medical confidentiality were nobody's business: plain columns in SQLite (WAL,
`synchronous=FULL`, as durable as ours), a session looked up in the database, FTS5 for the names. It uses the
product's own templates, view models, middleware and server, so that the difference is the price of the keys.
"""
