"""How DRF, its OpenAPI document, the cache, limits and logging are set, for the whole project and for the delivery
process alike."""

from cms import env

# To stderr, without a line for each 404; Django's own setting would mail errors and print nothing.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}

# A cache that does not answer within a quarter of a second counts as down (api.protocol.shared).
CACHE_WAIT_S = 0.25
CACHES = {
    "default": (
        {
            "BACKEND": "api.protocol.shared.SharedCache",
            "LOCATION": env.redis_url(),
            "OPTIONS": {"socket_timeout": CACHE_WAIT_S, "socket_connect_timeout": CACHE_WAIT_S},
        }
        if env.redis_url()
        else {
            "BACKEND": "api.protocol.shared.LocalCache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},  # by default 300, so that strangers' counters would push out others
        }
    )
}
TRUSTED_PROXIES = env.trusted_proxies()
RATE_ANONYMOUS, RATE_KEY = env.rate_anonymous(), env.rate_key()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.protocol.problems.handle_exception",
    "URL_FORMAT_OVERRIDE": None,
}

# Schemas of closed lists are named after them, so that a name stays when a list grows.
VOCABULARY = "articles.record.vocabulary"
NAMES = (
    "ArticleType Aspect Audience CautionLevel Certainty CertaintyBasis ChangeKind CodeSystem Frequency HelpLevel "
    "Importance MechanismAction Purpose RegulatoryStatus ReviewStatus Role Route Scope SectionKind Severity "
    "StudyDesign Subjects Support TargetType"
)

TAGS = [
    {"name": "articles", "description": "Articles, their sections, their editions, and the signed bytes."},
    {"name": "find", "description": "Topics, people, sources, languages, and where old addresses lead."},
    {"name": "sync", "description": "What changed, for copies that are kept elsewhere."},
    {"name": "proof", "description": "That what you hold was signed, and that the record only grows."},
    {"name": "machines", "description": "For programs that read: JSON-LD, HL7 Infobutton."},
    {"name": "words", "description": "What coded values are called, in the reader's language."},
    {"name": "fixtures", "description": "Made-up articles to test a client with; only in the demo."},
]

SPECTACULAR_SETTINGS = {
    "TITLE": "Vetted delivery API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (
        "Medical articles as clinicians signed them. Start with `articles/`. Every section has `html`, its complete "
        "rendering: show that if your app does not know the kind. New keys, kinds and values of closed lists may be "
        "added; none is removed or changes its meaning. The page docs/json.md maps an article's parts to JSON."
    ),
    "SERVERS": [{"url": "/"}],
    # Without a key, or with one in either header.
    "SECURITY": [{}, {"bearer": []}, {"apiKey": []}],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "description": "A key of this API."},
            "apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "The same key."},
        }
    },
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": ["api.v1.schemas.generator.only_delivery"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.v1.schemas.openness.open_up",
        "api.v1.fixtures.examples.add_examples",
    ],
    "LICENSE": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
    "CONTACT": {"name": "The publisher who runs this server"},
    "TAGS": TAGS,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {f"{name}Enum": f"{VOCABULARY}.{name}" for name in NAMES.split()}
    | {
        "PartEnum": "api.v1.schemas.fields.PARTS",
        "ComponentKindEnum": "api.v1.schemas.fields.COMPONENTS",
        "FileTypeEnum": "api.v1.schemas.image.FILE_TYPES",
        "ProblemTypeEnum": "api.v1.schemas.problem.PROBLEM_TYPES",
        "WithdrawReasonEnum": "api.v1.schemas.problem.REASONS",
    },
}
