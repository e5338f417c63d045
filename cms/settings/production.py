"""A production process of the whole project. Refuses to start without what it needs, and names all of it."""

from cms import env

env.require("SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "RP_ID")

from cms.settings.base import *  # noqa: E402, F403 - read only after everything needed is there

DEBUG = False
ADMIN_URL = WAGTAILADMIN_BASE_URL = env.admin_url(otherwise=PUBLIC_URL)  # noqa: F405
RP_ID = env.rp_id(ADMIN_URL)
env.require_domain(RP_ID, of=ADMIN_URL)
NEEDS_PASSKEYS = True
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
globals().update(env.email(otherwise="smtp://localhost:25"))
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # the editor's preview is a frame of our own: SAMEORIGIN, not DENY
