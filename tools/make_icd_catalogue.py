# SPDX-License-Identifier: MPL-2.0
"""Make the catalogue that ships with the product from the derived table of a year.

    python tools/make_icd_catalogue.py icd10gm-2023-derived.tsv.gz

The source note in the first line, the codes and the texts stay unchanged, as the
terms of the BfArM ask; the file is checked and packed so that the same table
always gives the same bytes.
"""

import argparse
from pathlib import Path

from arkanum.core.catalogue import install

FOLDER = Path(__file__).parents[1] / "src/arkanum/core/catalogue/data"


def main() -> None:
    """Check the table named on the command line and put it into the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "table", type=Path, help="table in tabs, packed with gzip or not; first line is the source note"
    )
    made = install(parser.parse_args().table, FOLDER)
    print(f"{made}: {made.stat().st_size} bytes")


if __name__ == "__main__":
    main()
