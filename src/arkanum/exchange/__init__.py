# SPDX-License-Identifier: MPL-2.0
"""The outside world's files: reading them, and moving in with them.

`formats` turns bytes into values and knows nothing else. `inspection` says what
a file holds, `mapping` turns it into patients and entries, `matching` finds who
is known already, `plan` is what a person agrees to before anything is written,
`report` accounts for every line.
"""
