# SPDX-License-Identifier: MPL-2.0
"""How a workplace imports its certificate: the steps for each system, with the drawings of its dialogs."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORITY, BUNDLE, APPLE, PROFILE = "ca", "p12", "apple", "profil"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, the file to fetch for it, the dialogs that follow."""

    title: str
    text: str
    file: str = ""
    pictures: tuple[str, ...] = ()
    shows_address: bool = False


_LAST = (
    Step(
        "Browser ganz schließen und neu öffnen",
        "Alle Fenster schließen: der Browser merkt sich sonst, dass er eben noch kein Zertifikat hatte. "
        "Dann diese Adresse öffnen:",
        shows_address=True,
    ),
    Step(
        "Zertifikat auswählen und anmelden",
        "Der Browser fragt einmal, womit er sich ausweisen soll. Wählen Sie das Zertifikat mit dem Namen dieses "
        "Arbeitsplatzes und dem heutigen Datum; ältere gelten nicht mehr.",
        pictures=("choose",),
    ),
)

WINDOWS = (
    Step(
        "Der Praxis vertrauen",
        "Datei laden und öffnen. „Zertifikat installieren …“, dann „Aktueller Benutzer“, dann den Speicher "
        "„Vertrauenswürdige Stammzertifizierungsstellen“ wählen.",
        AUTHORITY,
        ("windows-ca", "windows-store"),
    ),
    Step(
        "Nachfrage bestätigen",
        "Windows fragt noch einmal. Der Fingerabdruck (sha1) muss derselbe sein wie am angemeldeten Arbeitsplatz.",
        pictures=("windows-trust",),
    ),
    Step(
        "Zertifikat importieren",
        "Datei laden und öffnen. „Aktueller Benutzer“, zweimal „Weiter“, das Import-Passwort einsetzen, alles andere "
        "lassen, wie es ist.",
        BUNDLE,
        ("windows-password",),
    ),
    *_LAST,
)

MAC = (
    Step(
        "Der Praxis vertrauen",
        "Datei laden und öffnen; die Schlüsselbundverwaltung geht auf. Das Zertifikat der Praxis doppelt anklicken, "
        "„Vertrauen“ aufklappen, „Immer vertrauen“ wählen.",
        AUTHORITY,
        ("mac-trust",),
    ),
    Step(
        "Zertifikat importieren",
        "Datei laden und öffnen, als Schlüsselbund „Anmeldung“ lassen, das Import-Passwort einsetzen.",
        APPLE,
        ("mac-password",),
    ),
    *_LAST,
)

LINUX = (
    Step(
        "Der Praxis vertrauen",
        "Datei laden. In Firefox: Einstellungen, „Zertifikate anzeigen“, „Zertifizierungsstellen“, „Importieren“. In "
        "Chromium: chrome://certificate-manager, „Benutzerdefiniert“.",
        AUTHORITY,
        ("linux-authority",),
    ),
    Step(
        "Zertifikat importieren",
        "Datei laden. Am selben Ort unter „Ihre Zertifikate“ importieren und das Import-Passwort einsetzen.",
        BUNDLE,
        ("linux-password",),
    ),
    *_LAST,
)

IPAD = (
    Step(
        "Profil laden",
        "Laden und „Zulassen“ tippen. Danach steht in den Einstellungen ganz oben „Profil geladen“.",
        PROFILE,
        ("ipad-profile",),
    ),
    Step(
        "Profil installieren",
        "„Installieren“ tippen, den Code des Geräts eingeben, dann das Import-Passwort. Dass das Profil „nicht "
        "signiert“ ist, ist richtig: es kommt von Ihrer Praxis und von niemandem sonst.",
        pictures=("ipad-install",),
    ),
    Step(
        "Der Praxis vertrauen",
        "Einstellungen, Allgemein, Info, ganz unten „Zertifikatsvertrauenseinstellungen“: den Schalter der Praxis "
        "einschalten.",
        pictures=("ipad-trust",),
    ),
    *_LAST,
)

SYSTEMS: dict[str, tuple[str, tuple[Step, ...]]] = {
    "windows": ("Windows", WINDOWS),
    "mac": ("Mac", MAC),
    "linux": ("Linux", LINUX),
    "ipad": ("iPad und iPhone", IPAD),
}


def system_of(user_agent: str) -> str:
    """Guess the system from what the browser says of itself; an iPad may say that it is a Mac."""
    for sign, system in (("iPad", "ipad"), ("iPhone", "ipad"), ("Macintosh", "mac"), ("Linux", "linux")):
        if sign in user_agent:
            return system
    return "windows"
