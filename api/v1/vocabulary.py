"""`vocabulary/`, `locales/` and the root: the words of closed lists, the languages, and what collections there are."""

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import Parameter, documented, read
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, PLAIN_PROBLEMS
from api.v1.reading.lookup import SERVED_NOW, read_locale
from api.v1.schemas.collections.vocabulary import LocalesSerializer, RootSerializer, VocabularySerializer
from api.v1.schemas.fields import LANGUAGE_TAG
from articles.record import words
from articles.record.delivery.compose import encode
from articles.record.site import this_site

LOCALE = Parameter(
    "locale",
    "The language of the words; by default the site's. `de-AT` is `de` here; for a language that has no words you get "
    "English ones, and `locale` says so. `locales/` says which have words.",
    max_length=16,
    read=read_locale,
    schema=LANGUAGE_TAG,
)
COUNTED = f"SELECT p.locale, COUNT(*) FROM record_publication p WHERE {SERVED_NOW} GROUP BY p.locale"
COLLECTIONS = (
    *(
        "articles",
        "changes",
        "sections",
        "topics",
        "people",
        "vocabulary",
        "locales",
        "resolve",
        "infobutton",
        "mcp",
        "keys",
    ),
)


class Vocabulary(DeliveryView):
    @extend_schema(
        operation_id="vocabulary",
        summary="The words for coded values",
        parameters=[*documented((LOCALE,)), *CACHED],
        responses={200: VocabularySerializer} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Every closed list that readers see, with a label and a plain meaning for each value, and the fixed sentences:
        the same words that `html` and our own pages use, so that you need not invent any."""
        language = words.spoken(read(request, (LOCALE,))["locale"] or settings.LANGUAGE_CODE)
        said = {
            "locale": language,
            "lists": [_list(name, list(values), language) for name, values in words.lists().items()],
            "sentences": [_sentence(key, language) for key in words.sentences() if key not in words.OUR_PAGES],
        }
        return _answer(request, said, language, keys=("vocabulary",))


class LocaleList(DeliveryView):
    @extend_schema(
        operation_id="locales",
        summary="The languages",
        parameters=CACHED,
        responses={200: LocalesSerializer} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Every language that the site is set up for or has articles in, with the number of its published articles."""
        read(request, ())
        counts: dict[str, int] = dict(database.fetch(COUNTED, (database.instant_parameter(timezone.now()),)))
        known = dict.fromkeys([*dict(settings.LANGUAGES), *sorted(counts)])
        return _answer(
            request, {"results": [described(code, counts.get(code, 0)) for code in known]}, keys=("articles",)
        )


class Root(DeliveryView):
    @extend_schema(
        operation_id="root",
        summary="What there is",
        parameters=CACHED,
        responses={200: RootSerializer} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """The address of each collection, of the documentation and of the OpenAPI document."""
        read(request, ())
        base = this_site().api_url
        links = {name: f"{base}{name}/" for name in (*COLLECTIONS, *(["fixtures"] if settings.FIXTURES else []))}
        return _answer(request, links | {"docs": f"{base}docs/", "openapi": f"{base}openapi.yaml"}, keys=("root",))


def _list(name: str, values: list[str], language: str) -> dict:
    return {"name": name, "values": [_value(name, value, language) for value in values]}


def _value(name: str, value: str, language: str) -> dict:
    label, meaning = words.described(name, value, language)
    return {"value": value, "label": label.text, "meaning": meaning.text, "lang": label.lang}


def _sentence(key: str, language: str) -> dict:
    text, lang = words.template(key, language)
    return {"key": key, "text": text, "lang": lang}


def described(code: str, articles: int) -> dict:
    info = LANG_INFO.get(code) or LANG_INFO.get(words.base(code)) or {"name_local": code, "bidi": False}
    return {
        "locale": code,
        "name": info["name_local"],
        "direction": "rtl" if info["bidi"] else "ltr",
        "is_default": code == settings.LANGUAGE_CODE,
        "has_words": words.spoken(code) == words.base(code),
        "articles": articles,
        "url": f"{this_site().api_url}articles/?locale={code}",
    }


def _answer(request: HttpRequest, value: dict, language: str = "", *, keys: tuple[str, ...]) -> HttpResponse:
    content = encode(value)
    headers = {"Content-Language": language} if language else {}
    shown = Representation(content, headers=headers, caching=Caching(surrogate_keys=keys))
    return respond(request, shown, now=timezone.now())
