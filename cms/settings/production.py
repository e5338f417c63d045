"""A production process of the whole project. Refuses to start without what it needs, and names all of it."""

from django.core.exceptions import ImproperlyConfigured

from cms import env
from cms.settings.base import *  # noqa: F403 - settings modules build on each other

REQUIRED = ("SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "ALLOWED_HOSTS")
if absent := env.missing(*REQUIRED):
    raise ImproperlyConfigured(f"Set these environment variables before starting: {', '.join(absent)}.")

DEBUG = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
