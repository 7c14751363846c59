# SPDX-License-Identifier: MPL-2.0
"""One line to write anything in the chart: a letter for the kind, then the content.

`d` diagnosis, `b` finding, `t` therapy, `a` history, `m` medication, `n` note,
`c` caution (CAVE, `c allergie Penicillin`), `v` vital signs. `line_of` writes a
content back as the line that says it, so that correcting is editing the line.
"""

from arkanum.core.shorthand.advice import hints_of
from arkanum.core.shorthand.lines import KEYS, line_of, parse_line

__all__ = ["KEYS", "hints_of", "line_of", "parse_line"]
