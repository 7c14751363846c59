# SPDX-License-Identifier: MPL-2.0
"""The catalogue of diagnoses: ICD-10-GM, searched by code and by word."""

from arkanum.core.catalogue.codes import Code

__all__ = ["Code"]
