# SPDX-License-Identifier: MPL-2.0
"""VSD: the insurance data of the health card (*Versichertenstammdaten*), three XML documents.

Source: gematik Schema_VSD.xsd, version 5.2. The prefix of the namespace varies,
so documents are known by the namespace.
"""

from arkanum.exchange.formats.leaves import Document
from arkanum.exchange.formats.parts import Part, PartField

_NAMESPACE = "http://ws.gematik.de/fa/vsdm/vsd/"
_ROOTS = {
    "UC_PersoenlicheVersichertendatenXML": "Persönliche Versichertendaten",
    "UC_AllgemeineVersicherungsdatenXML": "Allgemeine Versicherungsdaten",
    "UC_GeschuetzteVersichertendatenXML": "Geschützte Versichertendaten",
}


def is_vsd(document: Document) -> bool:
    """Tell whether a document is one of the three."""
    return document.namespace.startswith(_NAMESPACE) and document.root in _ROOTS


def version_of(document: Document) -> str:
    """Return the version of the schema: the document's own word, else the namespace's."""
    told = (leaf.value for leaf in document.leaves if leaf.path[1:] == ("@CDM_VERSION",))
    return next(told, document.namespace.removeprefix(_NAMESPACE).removeprefix("v"))


def read_vsd(document: Document) -> tuple[Part, ...]:
    """Return the document as one part; the names of its elements are German already."""
    fields = (PartField(".".join(leaf.path[1:]), leaf.path[-1], leaf.value, leaf.line) for leaf in document.leaves)
    return (Part(document.root, _ROOTS[document.root], tuple(fields)),)
