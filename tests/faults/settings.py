"""The demo's settings with a fast password hasher and a fixed key, for processes that tests start."""

from cms.settings.dev import *  # noqa: F403 - settings modules build on each other

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY = "tests-only"
PUBLIC_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver"]
