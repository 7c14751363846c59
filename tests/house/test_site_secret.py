# SPDX-License-Identifier: MPL-2.0
"""Whoever adds a sealed column says what becomes of it when a device goes and the site secret is changed."""

from django.apps import apps

from arkanum.guard.site import OTHERWISE, SEALED
from arkanum.storage.fields import SealedField


def test_every_sealed_column_is_told_what_a_rotation_does_with_it():
    """A column that is sealed with the site secret and forgotten here would be lost when a device is removed."""
    columns = {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_app_config("storage").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedField)
    }
    told = [column for group in SEALED for column in group] + list(OTHERWISE)

    assert sorted(told) == sorted(columns), "tell arkanum.guard.site what becomes of this column"
