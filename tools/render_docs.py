# SPDX-License-Identifier: MPL-2.0
"""Write the pages that are made from data: what a thief sees, the threats, the decisions, all routes.

`python tools/render_docs.py` writes them, `--check` only tells whether they are up to date.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import django
import msgspec

from arkanum.storage.plain import PLAIN

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tools stand in no package that is installed

from tools import asvs  # noqa: E402

THREATS = ROOT / "docs/threats/threats.toml"
MADE = "<!-- Made by tools/render_docs.py. Change the source, not this page. -->\n"


class Threat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One adversary and what is known about them.

    Attributes:
        name: short, in kebab case.
        who: the adversary and what they hold.
        wants: to do what.
        stopped_by: the mechanism, in one sentence.
        still_sees: what they learn all the same; never empty, for there is always something.
        tests: `file` or `file::test` below `tests/`.
        weaknesses: numbers of the weaknesses in real products that this answers (`W3`), maybe none.
    """

    name: str
    who: str
    wants: str
    stopped_by: str
    still_sees: str
    tests: tuple[str, ...]
    weaknesses: tuple[str, ...] = ()


def load_threats(text: str) -> list[Threat]:
    """Return the threats of a TOML text, in its order.

    Raises:
        msgspec.ValidationError: a threat lacks a field, has one too many or one of another kind.
    """
    return [msgspec.convert({"name": name, **entry}, Threat) for name, entry in tomllib.loads(text).items()]


def threats_page(threats: list[Threat]) -> str:
    """Return the page about the threats."""
    parts = [
        MADE,
        "# Threats\n",
        "One entry an adversary, with the tests that show what stops them.",
        "*Still sees* is never empty: somebody who promises that a thief learns nothing has not looked.\n",
    ]
    for threat in threats:
        parts.append(f"## {threat.name.replace('-', ' ').capitalize()}\n")
        parts += [f"- **Who:** {threat.who}.", f"- **Wants:** {threat.wants}."]
        parts += [f"- **Stopped by:** {threat.stopped_by}.", f"- **Still sees:** {threat.still_sees}."]
        parts.append(f"- **Tests:** {', '.join(f'`{test}`' for test in threat.tests)}")
        if threat.weaknesses:
            parts.append(f"- **Weaknesses:** {', '.join(threat.weaknesses)}")
        parts.append("")
    return "\n".join(parts)


def plain_page(plain: dict[str, str]) -> str:
    """Return the page about the unsealed columns, table by table."""
    tables: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for place, told in plain.items():
        table, _, column = place.partition(".")
        tables[table].append((column, told))
    parts = [
        MADE,
        "# What a thief sees\n",
        "Every column of every table is sealed, or stands here with what it tells somebody who holds the database.",
        "A test compares this list with the tables, Django's own included.\n",
    ]
    for table, columns in tables.items():
        parts += [f"## {table}\n", "| column | what it tells |", "|---|---|"]
        parts += [f"| `{column}` | {told} |" for column, told in columns]
        parts.append("")
    return "\n".join(parts)


def decisions_page(folder: Path) -> str:
    """Return the list of decisions, by the first line of each."""
    parts = [MADE, "# Decisions\n", "A decision is never edited, only replaced."]
    parts.append("Each is half a page with the same six headings; a test keeps it so.\n")
    for path in sorted(folder.glob("[0-9]*.md")):
        title = path.read_text().partition("\n")[0].removeprefix("# ")
        parts.append(f"- [{title}]({path.name})")
    return "\n".join([*parts, ""])


def api() -> str:
    """Return the description of all routes, which only the assembled product knows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arkanum.web.settings")
    django.setup()
    from arkanum.web import description  # noqa: PLC0415 -- rooms import tables, and Django wants its settings first

    return description.as_text()


def pages() -> dict[Path, str]:
    """Return each made page with what must stand in it."""
    made = {ROOT / "docs/plain.md": plain_page(PLAIN)}
    made[ROOT / "docs/decisions/index.md"] = decisions_page(ROOT / "docs/decisions")
    made[ROOT / "docs/api.json"] = api()
    made[asvs.TABLE.with_name("index.md")] = f"{MADE}\n{asvs.page(asvs.load(asvs.TABLE.read_text()))}"
    made[THREATS.with_name("index.md")] = threats_page(load_threats(THREATS.read_text()))
    return made


def main(arguments: list[str]) -> int:
    """Write the pages, or tell which of them are out of date."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run make pages")
        return 1 if stale else 0
    for path, text in pages().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
