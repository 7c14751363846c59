# SPDX-License-Identifier: MPL-2.0
"""XML and JSON as a flat list of leaves: a path, a value, a line.

Everything foreign passes here first, so this is where hostile files are
stopped: no document types, no entities, nothing fetched, a limit on depth and
on the number of leaves.
"""

import json
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

SIZE_LIMIT = 64 << 20
"""Largest XML or JSON document in bytes that is read; a chart export is far smaller."""

LEAF_LIMIT = 1_000_000
DEPTH_LIMIT = 200
_FEED_SIZE = 1 << 16


class UnreadableDocumentError(Exception):
    """A document is no sound XML or JSON, or it holds what a safe reader refuses.

    Attributes:
        line: line on which reading stopped, or 0 when unknown.
        german: the sentence for the screen, without content.
    """

    def __init__(self, line: int, german: str) -> None:
        """Keep the place and the sentence."""
        super().__init__(f"unreadable document, line {line}")
        self.line = line
        self.german = german


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a document.

    Attributes:
        path: names from the root to the value; the second of equal names is
            `name[2]`. Attributes begin with `@`.
        value: text of the value.
        line: line in the file, counted from 1; 0 when unknown.
    """

    path: tuple[str, ...]
    value: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a flat list.

    Attributes:
        root: local name of the root element; empty for JSON.
        namespace: namespace of the root element, or empty.
        leaves: all values in the order of the file.
    """

    root: str
    namespace: str
    leaves: tuple[Leaf, ...]


def read_xml(content: bytes) -> Document:
    """Read XML without document types, entities or anything fetched.

    Raises:
        UnreadableDocumentError: not well-formed, or hostile.
    """
    collector = _Collector()
    parser = DefusedXMLParser(target=collector, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    collector.watch(parser)
    try:
        for start in range(0, len(content), _FEED_SIZE):
            parser.feed(content[start : start + _FEED_SIZE])
        parser.close()
    except DefusedXmlException as error:
        raise UnreadableDocumentError(
            collector.line, "XML mit Dokumenttyp oder Entitäten wird nicht gelesen."
        ) from error
    except ParseError as error:
        raise UnreadableDocumentError(error.position[0], "Kein wohlgeformtes XML.") from error
    except (ValueError, LookupError) as error:
        # Raised by expat for encodings that it does not know or that do not fit.
        raise UnreadableDocumentError(0, "XML mit unbekannter Kodierung.") from error
    return collector.document()


class _Collector:
    """Takes the parser's events and keeps leaves."""

    def __init__(self) -> None:
        self._root = ""
        self._namespace = ""
        self._path: list[str] = []
        self._seen: list[dict[str, int]] = [{}]
        self._texts: list[list[str]] = []
        self._leaves: list[Leaf] = []
        self._parser: Any = None

    def watch(self, parser: Any) -> None:  # noqa: ANN401  expat's parser has no public type here
        self._parser = parser

    @property
    def line(self) -> int:
        return int(self._parser.parser.CurrentLineNumber)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, name = _split_tag(tag)
        if not self._root:
            self._root, self._namespace = name, namespace
        count = self._seen[-1][name] = self._seen[-1].get(name, 0) + 1
        self._path.append(name if count == 1 else f"{name}[{count}]")
        self._seen.append({})
        self._texts.append([])
        if len(self._path) > DEPTH_LIMIT:
            raise UnreadableDocumentError(self.line, "XML ist zu tief verschachtelt.")
        for key, value in attributes.items():
            self._keep((*self._path, "@" + _split_tag(key)[1]), value)

    def data(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def end(self, _tag: str) -> None:
        text = "".join(self._texts.pop()).strip()
        if text:
            self._keep(tuple(self._path), text)
        self._path.pop()
        self._seen.pop()

    def close(self) -> None:
        """End of the document; nothing is left to do."""

    def _keep(self, path: tuple[str, ...], value: str) -> None:
        if len(self._leaves) >= LEAF_LIMIT:
            raise UnreadableDocumentError(self.line, "XML hat zu viele Werte.")
        self._leaves.append(Leaf(path, value, self.line))

    def document(self) -> Document:
        return Document(self._root, self._namespace, tuple(self._leaves))


def _split_tag(tag: str) -> tuple[str, str]:
    """Part `{namespace}name`."""
    namespace, _, name = tag.rpartition("}")
    return namespace.removeprefix("{"), name


def read_json(content: bytes) -> Document:
    """Read JSON as leaves; numbers stay as they are written.

    Raises:
        UnreadableDocumentError: no sound JSON, or nested too deeply.
    """
    leaves: list[Leaf] = []
    try:
        tree: object = json.loads(content, parse_float=str, parse_int=str)
        _walk(tree, (), leaves)
    except json.JSONDecodeError as error:
        raise UnreadableDocumentError(error.lineno, "Kein gültiges JSON.") from error
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError(0, "JSON ist nicht UTF-8.") from error
    except RecursionError as error:
        raise UnreadableDocumentError(0, "JSON ist zu tief verschachtelt.") from error
    return Document("", "", tuple(leaves))


def _walk(tree: object, path: tuple[str, ...], leaves: list[Leaf]) -> None:
    if len(path) > DEPTH_LIMIT or len(leaves) >= LEAF_LIMIT:
        raise UnreadableDocumentError(0, "JSON ist zu groß oder zu tief verschachtelt.")
    if isinstance(tree, dict):
        for key, value in tree.items():
            _walk(value, (*path, _whole(key)), leaves)
    elif isinstance(tree, list):
        for count, value in enumerate(tree, start=1):
            _walk(value, _counted(path, count), leaves)
    elif tree is not None:
        leaves.append(Leaf(path, str(tree).lower() if isinstance(tree, bool) else _whole(str(tree))))


def _whole(text: str) -> str:
    """Write halves of characters, which JSON can hold and UTF-8 cannot, as their escapes."""
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _counted(path: tuple[str, ...], count: int) -> tuple[str, ...]:
    if count == 1 or not path:
        return path
    return (*path[:-1], f"{path[-1]}[{count}]")
