# SPDX-License-Identifier: MPL-2.0
"""The twin's routes; behind them the product's, so that the templates find every name."""

from __future__ import annotations

from django.urls import path

from arkanum.web.urls import handler400, handler403, handler404, handler500
from arkanum.web.urls import urlpatterns as product
from bench.twin import views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", views.start, name="start"),
    path("suche/treffer", views.hits, name="hits"),
    path("kartei/<uuid:patient>", views.chart, name="chart"),
    path("kartei/<uuid:patient>/eintrag", views.write, name="write"),
    *product,
]
