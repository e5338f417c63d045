"""The delivery process: the record and the API, nothing else. No Wagtail, no sessions, no users.

Its database role needs to read the record and the API keys only.
"""

from cms import env
from cms.settings.api import (  # noqa: F401 - read by Django, DRF and api.protocol
    CACHES,
    LOGGING,
    RATE_ANONYMOUS,
    RATE_KEY,
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,
    TRUSTED_PROXIES,
)

ROOT = env.ROOT
SECRET_KEY = env.secret_key()
DEBUG = False
ALLOWED_HOSTS = env.allowed_hosts()
PUBLIC_URL = env.public_url()
WEB_URL = env.web_url()
OFFLINE_HOURS = env.offline_hours()
FIXTURES = env.fixtures()
VAR_DIR = env.var_dir()

INSTALLED_APPS = [
    "articles.record",
    "api.apps.DeliveryConfig",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "api.protocol.middleware.ProblemMiddleware",
    "api.protocol.middleware.HostMiddleware",
    "api.protocol.throttling.RateLimitMiddleware",
    "api.protocol.warm.WarmMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
ROOT_URLCONF = "api.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
    }
]

DATABASES = {"default": env.delivery_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Spanish"), ("de", "German")]
TIME_ZONE = "UTC"
USE_TZ = True
WRITES_NOTES = False  # its database role may not
PURGE: dict[str, object] = {}  # it changes nothing that a cache could hold
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
EDITION_FILES_ROOT = VAR_DIR / "editions"
EDITION_FILES_URL = "/editions/"
