# SPDX-License-Identifier: MPL-2.0
"""Names for invented people: common ones, each on its own, put together by chance."""

from arkanum.core.patients import BirthDate, Name, Sex


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a block."""
    return tuple(text.split())


SURNAMES = _words(
    """
    Müller Schmidt Schneider Fischer Meyer Weber Schulz Wagner Becker Hoffmann Schäfer Koch Bauer Richter Klein Wolf
    Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier
    Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller
    Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke
    Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß
    Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann
    Thomas Voigt Sauer Arnold Wolff Pfeiffer Ernst Hübner Lindner Seifert Haase Wenzel Paul Kramer Jahn Schön
    Petersen Hansen Jensen Christiansen Nissen Carstensen Thomsen Andresen Matthiesen Paulsen Clausen Lorenzen
    Jessen Feddersen Ketelsen Iversen Momsen Sönksen Brodersen Boysen Asmussen Detlefsen Hinrichsen Johannsen
    Jansen Janssen Harms Lüders Behrens Ahrens Bruns Cordes Dierks Eggers Focke Gerdes Heeren Ihnen Kruse Lübben
    Meinen Oltmanns Poppinga Reents Siebels Tjarks Ubben Wessels Voß Evers Brinkmann Kuhlmann Nolte Rieke Tiedemann
    """
)
"""By frequency, roughly; the later ones lend the practice its place in the north."""

SURNAMES_FROM_ELSEWHERE = _words(
    """
    Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Arslan Doğan Kılıç Aslan Çetin Koç Kurt Nowak Kowalski
    Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Petrović Jovanović Nikolić Horvat Kovačević
    Marić Ivanov Petrov Schevchenko Kovalenko Bondarenko Popescu Ionescu Dumitru Nagy Kovács Tóth Szabó Novák
    Svoboda Dvořák Rossi Russo Ferrari Bianchi Romano García Fernández López Martínez Silva Santos Ferreira Pereira
    Papadopoulos Georgiou Nguyễn Trần Lê Phạm Hoàng Ahmad Hassan Ali Hussein Ibrahim Khalil Mansour Haddad Rahimi
    Hosseini Ahmadi Singh Kumar Sharma Okafor Mensah Diallo Tesfaye Haile Smith Jones O'Brien Björkman Sørensen
    """
)

_STEMS = _words(
    """
    Acker Alt Bach Berg Birken Blumen Boden Brink Brunn Buch Busch Dorn Eben Eich Eisen Ellern Erlen Feld Finken Flach
    Frie Gold Grün Hage Hasel Heid Heller Hirsch Hohen Holl Holz Hopf Kalt Kamp Kessel Kirch Klee Koppel Korn Kron Lamm
    Land Lauter Linden Loh Mark Moor Mühl Neu Nieder Nuss Ober Ohl Ost Pappel Rau Reh Rohr Rosen Rott Sand Schil Schön
    Siegel Silber Sonnen Spiel Stadel Stein Stern Stock Strauch Tannen Teich Thal Uhl Unter Ulm Vier Wald Wasser Weiden
    Weiß Wende Wester Wiesen Wind Winkel Zeller Ziegel
    """
)
_ENDINGS = _words(
    """
    mann meier bauer berg stein hofer hauser müller bach feld rath kamp hagen rieder horst dorf brock huber er inger
    maier mayr thal brügge siek loh wald ling ner stedt holz wisch becker eder mayer reuter moser
    """
)

FIRST_NAMES: tuple[tuple[int, dict[Sex, tuple[str, ...]]], ...] = (
    (
        1949,
        {
            Sex.M: _words(
                """
                Hans Günter Horst Werner Heinz Karl Gerhard Walter Kurt Helmut Wilhelm Hermann Rolf Manfred
                Ernst Otto Herbert Siegfried Fritz Erwin Alfred Rudolf Willi Friedrich Harald Egon Johannes
                Erich Dieter Paul Ewald
                """
            ),
            Sex.W: _words(
                """
                Ursula Ingrid Helga Gerda Ilse Gisela Lieselotte Hildegard Edith Irmgard Elfriede Christa
                Hannelore Renate Waltraud Käthe Elisabeth Margarete Anneliese Erika Marianne Ruth Inge Anna
                Martha Gertrud Frieda Erna Irma
                """
            ),
        },
    ),
    (
        1964,
        {
            Sex.M: _words(
                """
                Peter Wolfgang Michael Klaus Jürgen Bernd Uwe Hans Rainer Dieter Manfred Thomas Karl-Heinz
                Joachim Holger Hartmut Volker Reinhard Norbert Wilfried Gerd Ulrich Rüdiger Detlef Günter Ralf
                Heino Hinrich Jens Werner
                """
            ),
            Sex.W: _words(
                """
                Monika Sabine Petra Gabriele Brigitte Angelika Karin Renate Ute Barbara Susanne Birgit Heike
                Marion Christine Elke Sigrid Gudrun Ulrike Jutta Rita Doris Regina Bärbel Cornelia Heidi
                Annegret Silke Margret Roswitha
                """
            ),
        },
    ),
    (
        1979,
        {
            Sex.M: _words(
                """
                Thomas Andreas Stefan Frank Michael Torsten Jörg Dirk Matthias Markus Christian Sven Olaf
                Carsten Martin Ingo Oliver Lars Kai Heiko Jan Marco Alexander Björn Jens Volker Guido Maik René
                Sönke Arne Boy
                """
            ),
            Sex.W: _words(
                """
                Nicole Claudia Andrea Anja Stefanie Sandra Tanja Susanne Katrin Melanie Kerstin Martina Birgit
                Daniela Silke Alexandra Christina Yvonne Katja Bettina Manuela Maren Wiebke Simone Simona Britta
                Heike Sonja Astrid Meike
                """
            ),
        },
    ),
    (
        1994,
        {
            Sex.M: _words(
                """
                Christian Daniel Sebastian Florian Jan Alexander Dennis Tobias Philipp Marcel Patrick Kevin
                Benjamin Tim Felix Simon Fabian Nils Robert Steffen Johannes Matthias Marc Lars Hannes Momme
                Malte Thore Yannick Maximilian
                """
            ),
            Sex.W: _words(
                """
                Julia Sarah Anna Katharina Jennifer Jessica Sabrina Christina Lisa Nadine Laura Melanie
                Franziska Vanessa Jana Maria Carolin Lena Stefanie Anne Janina Svenja Eva Miriam Nina Theresa
                Inga Friederike Rike Mareike
                """
            ),
        },
    ),
    (
        2009,
        {
            Sex.M: _words(
                """
                Lukas Leon Jonas Finn Niklas Tim Paul Luca Felix Jan Max Julian Moritz Philipp Ben Tom Jannik
                Nico Simon Fabian Lasse Mats Ole Till Erik Jakob Noah David Justin Marlon Emre Can
                """
            ),
            Sex.W: _words(
                """
                Lea Anna Laura Lena Leonie Hannah Marie Sophie Lara Sarah Lisa Julia Emily Michelle Vanessa Jule
                Johanna Nele Mia Lina Amelie Antonia Paula Merle Emma Luisa Elif Svea Fenja Alina
                """
            ),
        },
    ),
    (
        9999,
        {
            Sex.M: _words(
                """
                Ben Noah Finn Leon Paul Elias Jonas Luis Felix Henry Emil Matteo Oskar Anton Theo Jakob Liam
                Levi Mats Karl Fiete Jonte Leo Moritz Hannes Bo Ole Milan Ali Younis
                """
            ),
            Sex.W: _words(
                """
                Emma Mia Hannah Emilia Sofia Lina Ella Mila Clara Lea Marie Leni Ida Frieda Mathilda Charlotte
                Lotta Greta Nora Amelie Juna Malia Romy Ava Anni Lia Aylin Tilda Ylvie Marlene
                """
            ),
        },
    ),
)
"""First names by sex, and up to which year of birth they are taken."""

FIRST_NAMES_FROM_ELSEWHERE: dict[Sex, tuple[str, ...]] = {
    Sex.M: _words(
        """
        Mehmet Mustafa Ahmet Emre Murat Piotr Tomasz Andrzej Dragan Goran Oleksandr Andrij Ion Gheorghe László
        José Giuseppe Antonio Dimitrios Minh Tuấn Ahmad Omar Khaled Reza Samuel Kwame Yonas Rajesh Aleksander
        """
    ),
    Sex.W: _words(
        """
        Fatma Ayşe Emine Zeynep Elif Agnieszka Katarzyna Małgorzata Svetlana Olena Oksana Natalija Elena Ioana
        Ilona María Giulia Francesca Eleni Lan Hương Fatima Mariam Leila Shirin Grace Abena Selam Priya Jelena
        """
    ),
}

NASTY: tuple[tuple[Name, Sex, BirthDate | None], ...] = (
    (Name(first="Karl Theodor", prefix="von und zu der", last="Tann-Öttinger", suffix="Freiherr", title="Dr."),
     Sex.M, BirthDate(year=1948, month=2, day=29)),
    (Name(first="Sinéad", last="O'Neill"), Sex.W, BirthDate(year=1983, month=7, day=12)),
    (Name(first="Gülşen", last="Şahin"), Sex.W, BirthDate(year=1976, month=11, day=3)),
    (Name(first="Thị Ánh Tuyết", last="Nguyễn"), Sex.W, BirthDate(year=1969, month=1, day=1)),
    (Name(first="Wolfgang", last="Oberhinterunterwaldkirchensteinbachmühlhofers"),
     Sex.M, BirthDate(year=1957, month=9, day=30)),
    (Name(first="Hans", last="Müller"), Sex.M, BirthDate(year=1965, month=4, day=3)),
    (Name(first="Hans", last="Mueller"), Sex.M, BirthDate(year=1965, month=4, day=3)),
    (Name(first="Hans-Jürgen", last="Müller-Lüdenscheidt"), Sex.M, BirthDate(year=1965, month=3, day=4)),
    (Name(first="Hans", last="Muller"), Sex.M, BirthDate(year=1965, month=4, day=13)),
    (Name(first="O", last="E"), Sex.M, BirthDate(year=1990, month=6, day=15)),
    (Name(first="Y", last="Thi"), Sex.W, BirthDate(year=2001, month=10, day=9)),
    (Name(first="Ahmad", last="Al-Hussein"), Sex.M, BirthDate(year=1988)),
    (Name(first="Mariam", last="Haile Tesfaye"), Sex.W, BirthDate(year=1994, month=1)),
    (Name(first="Unbekannt", last="Unbekannt"), Sex.X, None),
    (Name(first="Anna-Lena Sophie-Charlotte", last="Meyer-zum-Büschenfelde"), Sex.W,
     BirthDate(year=2004, month=12, day=31)),
    (Name(first="Ægir", last="Þórðarson"), Sex.M, BirthDate(year=1979, month=5, day=17)),
    (Name(first="Łucja", last="Żółkiewska-Brzęczyszczykiewicz"), Sex.W, BirthDate(year=1991, month=8, day=20)),
    (Name(first="Đorđe", last="Đukić"), Sex.M, BirthDate(year=1962, month=3, day=8)),
    (Name(first="Zoë", last="d'Ançay-Strauß"), Sex.W, BirthDate(year=2012, month=2, day=2)),
    (Name(first="Erna", last="Weiß"), Sex.W, BirthDate(year=1921, month=11, day=11)),
    (Name(first="Erna", last="Weiss"), Sex.W, BirthDate(year=1921, month=11, day=11)),
    (Name(first="Jean-François", prefix="de la", last="Croix", title="Prof. Dr. med."),
     Sex.M, BirthDate(year=1953, month=7, day=14)),
    (Name(first="Robin", last="Schröder"), Sex.D, BirthDate(year=1999, month=9, day=9)),
    (Name(first="Sohn", last="Nielsen"), Sex.M, BirthDate(year=2025, month=1, day=5)),
)  # fmt: skip
"""Names, births and twins that have broken other programs; always among the first patients."""


def surname_by_composition(first: float, second: float) -> str:
    """Return a surname that sounds right and that few people or none have.

    Args:
        first: number from 0 to below 1 that chooses the stem.
        second: the same for the ending.
    """
    return _STEMS[int(first * len(_STEMS))] + _ENDINGS[int(second * len(_ENDINGS))]
