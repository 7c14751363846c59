# SPDX-License-Identifier: MPL-2.0
"""Somebody who moves files in, and files to move."""

from arkanum.exchange import jobs
from tests.exchange.builders import lines
from tests.exchange.people import DORA, EMIL, START, TREATMENT

SECRET = "Sommersprossenflechte"
TWO_PEOPLE = lines(
    START,
    *DORA,
    TREATMENT,
    ("3000", "17"),
    ("6200", "05052020"),
    ("6220", SECRET),
    ("6205", "Grippaler Infekt"),
    START,
    *EMIL,
    TREATMENT,
    ("3000", "18"),
    ("6200", "06052020"),
    ("6220", "Lunge frei"),
    ("9999", "Feld eines Herstellers"),
)


class Mover:
    """Somebody who moves files in."""

    def __init__(self, colleague, catalogue):
        self.colleague, self.catalogue = colleague, catalogue
        self.client, self.token = colleague.client, colleague.token

    def accept(self, content, name="alt.bdt"):
        pieces = (content[at : at + 1000] for at in range(0, len(content), 1000))
        return jobs.accept(self.client, self.token, name, pieces)

    def prepare(self, job):
        return jobs.prepare(self.client, self.token, job, self.catalogue)

    def planned(self, content):
        job = self.accept(content)
        return job, self.prepare(job)

    def run(self, job, **options):
        return jobs.run(self.client, self.token, job, self.catalogue, **options)

    def move_in(self, content):
        return self.run(self.planned(content)[0])

    def view(self, job):
        return jobs.view(self.client, self.token, job)

    def decide(self, job, key, decision, patient=None):
        return jobs.decide(self.client, self.token, job, key, decision=decision, patient=patient)

    def hits(self, text):
        return [hit.card for hit in self.client.search(self.token, text).hits]

    def entries(self, patient):
        return [line.entry for line in self.colleague.chart(patient).entries]


def family(number):
    """Return a last name of letters only, another one for each number."""
    return f"Familie{chr(97 + number // 26)}{chr(97 + number % 26)}"


def many_people(count):
    """A file of people with one finding each, the same text for nobody."""
    return b"".join(
        lines(
            START,
            ("3000", str(number)),
            ("3101", family(number)),
            ("3102", "Kim"),
            ("3103", f"{number % 28 + 1:02}{number % 12 + 1:02}{1940 + number % 70}"),
            ("3110", "1"),
            TREATMENT,
            ("3000", str(number)),
            ("6200", "05052020"),
            ("6220", f"Befund Nummer {number}"),
        )
        for number in range(count)
    )


def families(mover):
    """Return how many entries each family of the file has; one that is there twice comes twice."""
    return sorted((card.last, len(mover.entries(card.patient))) for card in mover.hits("Familie"))


def each_once(count):
    return [(family(number), 1) for number in range(count)]
