"""How DRF, its OpenAPI document and logging are set, for the whole project and for the delivery process alike."""

# To stderr, without a line for each 404; Django's own setting would mail errors and print nothing.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}

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
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": ["api.v1.schemas.generator.only_delivery"],
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
