"""The embedded default: SQLite and media under var/, no services needed. `make demo` and `manage.py` use it."""

from cms.settings.base import *  # noqa: F403 - settings modules build on each other

WHITENOISE_USE_FINDERS = True
FIXTURES = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns about a folder that is not there
