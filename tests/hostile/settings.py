"""The demo's settings with a fast password hasher: the hostile site signs dozens of articles before it serves."""

from cms.settings.dev import *  # noqa: F403 - settings modules build on each other

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
