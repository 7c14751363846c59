# SPDX-License-Identifier: MPL-2.0
"""Saying how a content is built without saying what it is.

A practice sends the result to support. It therefore tells length and kinds of
characters only: even the shape of a rare name would give the name away.
"""

_KINDS = (
    ("Ziffern", lambda sign: sign.isascii() and sign.isdigit()),
    ("Buchstaben", lambda sign: sign.isascii() and sign.isalpha()),
    ("Umlaute", lambda sign: not sign.isascii() and sign.isalpha()),
    ("Leerzeichen", str.isspace),
    ("Steuerzeichen", lambda sign: sign < " " and not sign.isspace()),
)


def masked(text: str) -> str:
    """Return length and kinds of characters, such as `[8 Zeichen: Ziffern]`."""
    if not text:
        return ""
    kinds = [name for name, belongs in _KINDS if any(belongs(sign) for sign in text)]
    if any(not any(belongs(sign) for _, belongs in _KINDS) for sign in text):
        kinds.append("Zeichen wie . - /")
    return f"[{len(text)} Zeichen: {', '.join(kinds)}]"
