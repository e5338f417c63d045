"""What every process of the whole project shares: the admin, the API, the commands."""

from datetime import timedelta
from zoneinfo import available_timezones

from cms import env

ROOT = env.ROOT
SECRET_KEY = env.secret_key()
DEBUG = env.debug()
ALLOWED_HOSTS = env.allowed_hosts()
PUBLIC_URL = env.public_url()
ADMIN_URL = env.admin_url()
RP_ID = env.rp_id(ADMIN_URL)
NEEDS_PASSKEYS = False  # whether the policies of a first start ask clinicians for a passkey
WEB_URL = env.web_url()
OFFLINE_HOURS = env.offline_hours()
STATE_HOURS = env.state_hours()
FIXTURES = env.fixtures()
VAR_DIR = env.var_dir()

INSTALLED_APPS = [
    "cms",
    "articles",
    "articles.record",
    "api",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "cms.apps.UsersConfig",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "axes",
    "django_tasks_db",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "api.protocol.middleware.ProblemMiddleware",
    "api.protocol.throttling.RateLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "articles.admin.draft_privacy.Middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"reading": "articles.admin.reading_tags"},
        },
    }
]

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Wagtail's tasks run in the request: its reference index has to be right when somebody deletes what articles use.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "worker": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}

AUTH_USER_MODEL = "cms.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Five wrong passwords for one login from one address, each within a quarter of an hour of the one before, lock that
# login at that address for as long, at the login page and at signing alike. By both together: a stranger who knows a
# clinician's name locks it at the stranger's own address only. Nothing that was typed is kept, and no log of logins.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that was said stays true
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_TEMPLATE = "admin/accounts/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "articles.addresses.address_of"
OLD_PASSWORD = [f"password-{name}" for name in ("old_password", "new_password1", "new_password2")]  # in the account
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", *OLD_PASSWORD]
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("es", "Spanish"), ("de", "German")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"Factory", "localtime"})  # browsers know no such zones
FORMAT_MODULE_PATH = "cms.formats"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
EDITION_FILES_ROOT = VAR_DIR / "editions"
EDITION_FILES_URL = "/editions/"
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

WAGTAIL_SITE_NAME = "Vetted"
WAGTAILADMIN_BASE_URL = ADMIN_URL
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "articles.authoring.editor.Editor"}}
WAGTAILIMAGES_IMAGE_MODEL = "articles.Image"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "articles.authoring.image_form.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "jfif", "png", "webp"]
WAGTAIL_FINISH_WORKFLOW_ACTION = "articles.finish.publish_what_was_signed"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
# A stolen session does not move the address that new passwords are mailed to; the form for a new password is our own
# (articles.admin.accounts.password), since Wagtail's lets the old one be guessed.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = True
WAGTAILUSERS_PASSWORD_ENABLED = False  # nobody sets somebody else's password: a new login gets a link by mail
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "articles.admin.accounts.logins.LimitedPasswordResetForm"
# No request of an editor's browser or of the server leaves the house.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

globals().update(env.email())  # EMAIL_BACKEND, EMAIL_HOST, …, EMAIL_TIMEOUT
DEFAULT_FROM_EMAIL = SERVER_EMAIL = WAGTAILADMIN_NOTIFICATION_FROM_EMAIL = env.email_from()
LOOKUP = env.lookup()  # of works, by articles.sources.lookup
LEDGER_ANCHOR = env.ledger_anchor()
TSA_URL = env.tsa_url()
ORGANISATION_KEY = env.organisation_key()
DELIVERY_KEY = env.delivery_key()
WRITES_NOTES = not env.redis_url()  # the worker cannot see what a request notes in its own memory
MINUTE_JOBS = ["api.noted.write"]  # what publish_due does for other apps, after its own steps
PURGE = env.purge()  # the cache in front of the API
FASTLY_API = "https://api.fastly.com"
SECOND_JOBS = ["api.purging.purge.purge"]  # what the worker does each second for other apps
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"

from cms.settings.api import (  # noqa: E402 - shared with delivery
    CACHES,  # noqa: F401
    LOGGING,  # noqa: F401
    RATE_ANONYMOUS,  # noqa: F401
    RATE_KEY,  # noqa: F401
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,  # noqa: F401
    TRUSTED_PROXIES,  # noqa: F401
)

# Wagtail's admin API reads JSON, and its refusals are answers; delivery does neither in this way.
REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "rest_framework.views.exception_handler",
}
