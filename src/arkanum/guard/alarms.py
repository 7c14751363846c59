# SPDX-License-Identifier: MPL-2.0
"""What the alarms say. An alarm is a line of the log with outcome `ALARM`; here is its German sentence.

Whoever lets the guard raise a new kind of alarm adds a sentence here. A kind without one (written by a newer version)
is still shown, and never stops anybody from reading or checking the log.
"""

from __future__ import annotations

ALARM = "alarm"
"""Outcome of a log line that somebody should look at."""

ALARMS = {
    "authority_damaged": "Die Zertifizierungsstelle der Praxis ist beschädigt; neue Arbeitsplätze sind nicht möglich.",
    "authority_replaced": "In der Datenbank stand eine fremde Zertifizierungsstelle; die der Praxis gilt wieder.",
    "brake_damaged": "Der Stand der Bremse ließ sich nicht öffnen; es wird von vorn gezählt.",
    "export_agreed": "Zwei Personen haben einen Export vieler Akten freigegeben.",
    "canary": "Jemand hat eine Köder-Akte geöffnet; die Sitzung wurde beendet.",
    "rules_damaged": "Grenzen der Bremse und Köder-Akten waren verändert oder fehlten; es gelten die üblichen "
    "Grenzen ohne Köder.",
    "brake_limit": "Jemand hat so viele Patienten geöffnet, wie die Praxis erlaubt, und wollte weitere.",
    "brake_pressed": "Jemand fragte weiter nach Patienten, ohne sich auszuweisen; vielleicht eine gekaperte Sitzung.",
    "many_lists": "Jemand hat heute mehr als drei Listen vieler Patienten ausgegeben.",
    "unknown_ids": "Jemand fragte nach vielen Patienten, die es nicht gibt; vielleicht zählt ein Programm durch.",
    "log_keys_replaced": "In der Datenbank standen fremde Schlüssel für das Protokoll; sie wurden ersetzt.",
    "old_ring": "Jemand kam mit einem alten Schlüssel eines Rings; er öffnet nichts mehr.",
    "break_glass": "Notfallzugriff: jemand hat eine Akte geöffnet, die seine Rolle oder seine Schlüssel nicht öffnen.",
    "rotate_site": "Nach dem Entfernen eines Geräts konnte das Hausgeheimnis nicht gewechselt werden: eine Zeile der "
    "Datenbank ist fremd.",
    "passkey_copied": "Der Zähler eines Passkeys ging nicht weiter: vielleicht gibt es eine Kopie.",
    "wrong_pins": "Zu viele falsche PINs an einem Arbeitsplatz; die ruhende Sitzung wurde beendet.",
    "rotate": "Ein Ring konnte nicht erneuert werden: ein öffentlicher Schlüssel in der Datenbank ist fremd.",
}
"""German sentences for the lines that the guard itself marks as alarms."""


def sentence_of(what: str) -> str:
    """Return what an alarm of this kind says, also for a kind that this version does not know."""
    return ALARMS.get(what, f"Alarm der Art „{what}“; diese Fassung von Arkanum kennt ihn noch nicht.")
