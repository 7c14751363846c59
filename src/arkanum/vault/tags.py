# SPDX-License-Identifier: MPL-2.0
"""Tags: find a row by a secret word without storing the word."""

from arkanum.vault.key import Key


def tag(key: Key, text: str) -> bytes:
    """Return 32 bytes that only holders of the key can compute from the text.

    Equal texts have equal tags, so a thief sees which are equal. Only for what is unique anyway,
    such as sign-in names; never for names of patients or diagnoses.

    Args:
        key: the site's secret.
        text: already folded by the caller, if case and spelling are not to matter.
    """
    # surrogatepass: the error of a strict encoder would carry the text.
    return key.derive("tag").expand(b"arkanum/1/tag\0" + text.encode("utf-8", "surrogatepass"))
