"""The demo with the other sides in its process: Wagtail's API v2, and a DRF serializer as a team writes it."""

from cms.settings.dev import *  # noqa: F403 - settings modules build on each other

INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.api.v2"]  # noqa: F405 - from the star import above
ROOT_URLCONF = "tests.bench.sides.urls"
REST_FRAMEWORK = REST_FRAMEWORK | {  # noqa: F405 - Wagtail's API negotiates by URL, as DRF does by default
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"]
}
