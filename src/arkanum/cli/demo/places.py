# SPDX-License-Identifier: MPL-2.0
"""Where invented people live, who insures them, and numbers that nobody owns."""

TOWNS: tuple[tuple[str, str, str, int], ...] = (
    ("25813", "Husum", "04841", 300),
    ("25813", "Schwesing", "04841", 20),
    ("25813", "Simonsberg", "04841", 20),
    ("25821", "Bredstedt", "04671", 60),
    ("25832", "Tönning", "04861", 50),
    ("25836", "Garding", "04862", 30),
    ("25840", "Friedrichstadt", "04881", 40),
    ("25842", "Langenhorn", "04672", 20),
    ("25845", "Nordstrand", "04842", 30),
    ("25849", "Pellworm", "04844", 10),
    ("25853", "Ahrenshöft", "04846", 10),
    ("25856", "Hattstedt", "04846", 40),
    ("25860", "Olderup", "04846", 10),
    ("25866", "Mildstedt", "04841", 50),
    ("25868", "Norderstapel", "04883", 10),
    ("25870", "Oldenswort", "04864", 10),
    ("25872", "Ostenfeld (Husum)", "04845", 20),
    ("25873", "Rantrum", "04848", 20),
    ("25876", "Schwabstedt", "04884", 20),
    ("25878", "Seeth", "04881", 10),
    ("25881", "Tating", "04862", 8),
    ("25882", "Tetenbüll", "04862", 8),
    ("25884", "Viöl", "04843", 20),
    ("25885", "Wester-Ohrstedt", "04847", 12),
    ("25887", "Winnert", "04845", 8),
    ("25889", "Uelvesbüll", "04864", 6),
    ("25899", "Niebüll", "04661", 20),
    ("24837", "Schleswig", "04621", 20),
    ("24937", "Flensburg", "0461", 20),
    ("24103", "Kiel", "0431", 10),
    ("25746", "Heide", "0481", 20),
    ("20095", "Hamburg", "040", 12),
    ("28195", "Bremen", "0421", 4),
    ("10115", "Berlin", "030", 6),
    ("50667", "Köln", "0221", 4),
    ("45127", "Essen", "0201", 4),
    ("80331", "München", "089", 3),
)
"""Postcode, town, dialling code and weight: most patients live around the practice."""

STREETS = tuple(
    """
    Hauptstraße Dorfstraße Bahnhofstraße Schulstraße Gartenstraße Kirchenweg Mühlenweg Birkenweg Lindenallee Ahornweg
    Feldstraße Hafenstraße Deichstraße Norderstraße Süderstraße Osterende Westerende Marktplatz Neustadt Krämerstraße
    Wasserreihe Schiffbrücke Koogstraße Wiesengrund Amselweg Lerchenweg Möwenweg Austernfischerweg Kiebitzring
    Theodor-Storm-Straße Goethestraße Schillerstraße Mozartstraße Klaus-Groth-Straße Friedrichstraße Wilhelmstraße
    Erichsenweg Danckwerthstraße Rosenstraße Ulmenstraße Eichenweg Kastanienallee Buchenweg Tannenweg Sandberg Geestweg
    """.split()  # noqa: SIM905 - a block is easier to read and to extend than a list
)

STATUTORY = ("Nordlicht Krankenkasse", "Handwerkerkasse Waterkant", "BKK Leuchtturm", "Ersatzkasse Marsch und Geest",
             "Ortskasse Schleswig", "Landkasse Nord", "BKK Werft und Hafen", "Kasse der Seefahrt")  # fmt: skip
"""Invented insurers: an invented patient must not look like the customer of a real one."""

PRIVATE = ("Hanseatische Private", "Alte Elbe Versicherung", "Deichgraf Kranken", "Beihilfe des Landes")
ACCIDENT = ("Unfallkasse der Küste", "Berufsgenossenschaft Werft und Bau")

DESK_NOTES = ("bitte nur vormittags anrufen", "Tochter holt Rezepte ab", "kommt mit dem Bus, Termine ab 9 Uhr",
              "Rechnung an die Postanschrift", "wünscht Erinnerung per E-Mail", "Dolmetscherin kommt mit",
              "neue Versichertenkarte anfordern", "Parkplatz vor der Tür")  # fmt: skip

PHONE_LABELS = ("", "", "mobil", "privat", "dienstlich", "Tochter", "Sohn", "Betreuerin")
MOBILE_CODES = ("0151", "0152", "0157", "0160", "0170", "0171", "0172", "0175", "0176", "0178")
