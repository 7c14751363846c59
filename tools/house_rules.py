# SPDX-License-Identifier: MPL-2.0
"""The rules of this house that no ready-made linter knows, each a function from a file to its complaints.

`python tools/house_rules.py` runs them over the checkout; tests/house shows that each of them bites.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

LINES_ALARM = 300
"""Nobody decides to write a 5,000-line file; there is simply no alarm at 300. Here it is (see style of the house)."""
LINES_LIMIT = 600

EXCEPTION_PLACES = {
    "src/arkanum/guard/server.py": "one question's failure must not end the guard of all others",
}
"""The files that may catch everything, and why; two at most."""

SHAPELESS_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "stuff"})
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
LOG_METHODS = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log"})
HARMLESS_IN_LOGS = re.compile(r"(^|_)(id|no|count|seconds|port|version|kind|size_bytes|status|code|signal|pid)$")
SPDX = "SPDX-License-Identifier: MPL-2.0"
SPDX_SUFFIXES = frozenset({".py", ".js", ".mjs", ".css", ".sh"})
# Spelt in two halves, so that the rule does not find itself.
HOSTS = tuple(
    first + second
    for first, second in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("registry.", "yarnpkg.com"),
        ("deb.debian", ".org"),
        ("--index", "-url "),
        ("/work", "/shared"),
        ("/work", "/main"),
    )
)
HOSTS_MAY_STAND_IN = frozenset({"tools/lock.sh"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the checkout.

    Attributes:
        path: relative to the checkout, with forward slashes.
        text: its content.
    """

    path: str
    text: str

    @property
    def room(self) -> str | None:
        """The room a product file belongs to, None outside `src/arkanum`."""
        parts = PurePosixPath(self.path).parts
        return parts[2] if parts[:2] == ("src", "arkanum") and len(parts) > 3 else None  # noqa: PLR2004

    @property
    def is_product(self) -> bool:
        """Is this Python code that ships?"""
        return self.path.startswith("src/arkanum/") and self.path.endswith(".py")

    def nodes(self) -> Iterator[ast.AST]:
        """Walk the file's syntax tree."""
        yield from ast.walk(ast.parse(self.text, self.path))


Rule = Callable[[Source], Iterator[str]]


def tables_only_in_storage(source: Source) -> Iterator[str]:
    """No `.objects` and no `cursor()` outside storage: whoever wants a row asks storage by a function."""
    if not source.is_product or source.room == "storage":
        return
    for node in source.nodes():
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield f"{source.path}:{node.lineno}: .{node.attr} outside storage"
        if isinstance(node, ast.Attribute) and node.attr == "cursor":
            yield f"{source.path}:{node.lineno}: cursor outside storage"


def catch_only_what_you_can_answer(source: Source) -> Iterator[str]:
    """No `except Exception`, `except BaseException` or bare `except` but in the places named above."""
    if not source.is_product or source.path in EXCEPTION_PLACES:
        return
    for node in source.nodes():
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node.type):
            yield f"{source.path}:{node.lineno}: catches everything"


def _catches_everything(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"} for kind in kinds)


def log_nothing_about_people(source: Source) -> Iterator[str]:
    """A logger's message is a literal, its values are ids, counts and the like: never a name, a text or a key."""
    if not source.is_product:
        return
    for node in source.nodes():
        if not isinstance(node, ast.Call) or not _is_logger(node.func):
            continue
        message, *values = node.args or [ast.Constant("")]
        if not isinstance(message, ast.Constant):
            yield f"{source.path}:{node.lineno}: the log message is not a literal"
        for value in [*values, *(keyword.value for keyword in node.keywords if keyword.arg != "exc_info")]:
            if not _harmless(value):
                yield f"{source.path}:{node.lineno}: {ast.unparse(value)} may not stand in a log"


def _is_logger(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in LOG_METHODS:
        return False
    name = ast.unparse(function.value)
    return name.split(".")[-1].lower().strip("_") in {"logger", "logging"}


def _harmless(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Name | ast.Attribute):
        return bool(HARMLESS_IN_LOGS.search(value.id if isinstance(value, ast.Name) else value.attr))
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "len"


def name_things(source: Source) -> Iterator[str]:
    """No module and no folder called utils, helpers, manager: say what is in it."""
    parts = PurePosixPath(source.path).with_suffix("").parts
    if parts[0] in {"src", "tests", "tools", "bench"} and not SHAPELESS_NAMES.isdisjoint(parts):
        yield f"{source.path}: a name that says nothing"


def carry_the_licence(source: Source) -> Iterator[str]:
    """The SPDX line stands first, after a shebang at most; what Django wrote is not ours to sign."""
    ours = PurePosixPath(source.path).suffix in SPDX_SUFFIXES and "/migrations/0" not in source.path
    if not ours or not source.text:
        return
    first_lines = source.text.splitlines()[: 2 if source.text.startswith("#!") else 1]
    if not any(SPDX in line for line in first_lines):
        yield f"{source.path}:1: the SPDX line is missing"


def name_no_host(source: Source) -> Iterator[str]:
    """No address of a package index and no path of somebody's machine stands in the tree."""
    if source.path in HOSTS_MAY_STAND_IN:
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        if any(host in line for host in HOSTS):
            yield f"{source.path}:{number}: names a package index or a machine's own path"
    if source.path.endswith(".lock") and "://" in source.text:
        yield f"{source.path}: a lock names an address"


def stay_short(source: Source) -> Iterator[str]:
    """No file of ours is longer than 600 lines."""
    if _is_written_by_hand(source) and _line_count(source) > LINES_LIMIT:
        yield f"{source.path}: {_line_count(source)} lines, more than {LINES_LIMIT}"


def _is_written_by_hand(source: Source) -> bool:
    suffix = PurePosixPath(source.path).suffix
    return suffix in {*SPDX_SUFFIXES, ".html", ".jinja"} and "/migrations/" not in source.path


def _line_count(source: Source) -> int:
    return len(source.text.splitlines())


RULES: tuple[Rule, ...] = (
    tables_only_in_storage,
    catch_only_what_you_can_answer,
    log_nothing_about_people,
    name_things,
    carry_the_licence,
    name_no_host,
    stay_short,
)


def checkout(root: Path) -> Iterator[Source]:
    """Yield the checkout's text files: what git tracks, and what it would track."""
    listing = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
    for path in subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split("\0"):
        file = root / path
        if not path or not file.is_file() or b"\0" in (content := file.read_bytes())[:8192]:
            continue
        yield Source(path, content.decode("utf-8", "replace"))


def complaints(sources: Iterator[Source]) -> Iterator[str]:
    """Yield what is against the rules, as `path:line: sentence`."""
    for source in sources:
        for rule in RULES:
            yield from rule(source)


def long_files(sources: Iterator[Source]) -> list[str]:
    """Return the files past the alarm, as a hint, the longest first."""
    found = [(source, _line_count(source)) for source in sources if _is_written_by_hand(source)]
    found.sort(key=lambda pair: -pair[1])
    return [f"{source.path}: {count} lines" for source, count in found if count > LINES_ALARM]


def main() -> int:
    """Print the complaints, then the files that grow; fail on complaints."""
    root = Path(__file__).resolve().parent.parent
    found = list(complaints(checkout(root)))
    for line in found:
        print(line)
    for line in long_files(checkout(root)):
        print(f"grows: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
