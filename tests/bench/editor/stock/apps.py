"""The app of the stock side. Its migration is made where it is filled (fill.py)."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "tests.bench.editor.stock"
    label = "stock"
