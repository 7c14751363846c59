# SPDX-License-Identifier: MPL-2.0
"""Where the ciphertexts of a chart belong, for those who write them and those who read them."""

from __future__ import annotations

from uuid import UUID

from arkanum.vault import Place


def record_place(chart: UUID, record: UUID, version: int) -> Place:
    """Return the place of one version of one record: it opens in this chart and nowhere else."""
    return Place("record", "body", record, version, chart)


EMPTY_CHART = bytes(32)
"""The digest in the head of a chart without records."""


def head_place(chart: UUID, length: int) -> Place:
    """Return the place of a chart's head: it says how long the chart is."""
    return Place("chart", "head", chart, length, chart)


def page_place(page: UUID, version: int) -> Place:
    """Return the place of a directory page."""
    return Place("directory_page", "body", page, version)


def directory_head_place(practice: UUID, sequence: int) -> Place:
    """Return the place of the list of directory pages."""
    return Place("practice", "directory_head", practice, sequence)


def device_site_place(device: UUID) -> Place:
    """Return where a device is told the site secret."""
    return Place("device", "site", device)


def device_label_place(device: UUID) -> Place:
    """Return where the sealed name and public key of a device belong."""
    return Place("device", "label", device)


def log_signer_place(practice: UUID) -> Place:
    """Return where the key lies with which a practice signs the heads of its log."""
    return Place("practice", "log_signing_key", practice)


def profile_place(practice: UUID) -> Place:
    """Return where lies what is sealed about a practice."""
    return Place("practice", "profile", practice)


def passkey_place(passkey: UUID, column: str) -> Place:
    """Return where a column of a passkey belongs."""
    return Place("passkey", column, passkey)
