"""The tests: the same project with a fast password hasher and files in a folder of the run's own."""

import tempfile
from pathlib import Path

from cms import env
from cms.settings.base import *  # noqa: F403 - settings modules build on each other

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
VAR_DIR = Path(tempfile.mkdtemp(prefix="vetted-test-"))
MEDIA_ROOT = VAR_DIR / "media"
EDITION_FILES_ROOT = VAR_DIR / "editions"
SECRET_KEY = "tests-only"
FIXTURES = True
PUBLIC_URL = "http://testserver"
ADMIN_URL = WAGTAILADMIN_BASE_URL = "http://admin.testserver"
RP_ID = "admin.testserver"
RATE_ANONYMOUS = RATE_KEY = 0  # tests ask more than 600 times a minute; those of the limits set them
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

DATABASES = {"default": env.database_for_tests()}
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()
WHITENOISE_USE_FINDERS = True
