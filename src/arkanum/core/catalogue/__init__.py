# SPDX-License-Identifier: MPL-2.0
"""The catalogue of diagnoses: ICD-10-GM, searched by code and by word.

It ships with the product (`data/`, made by `tools/make_icd_catalogue.py`); a newer
year is put into the practice's folder by `install` and wins from then on.
"""

from arkanum.core.catalogue.codes import Code, Usage, spelled
from arkanum.core.catalogue.files import install
from arkanum.core.catalogue.icd import Catalogue

__all__ = ["Catalogue", "Code", "Usage", "install", "spelled"]
