"""`get_article`: one article, whole. One that was withdrawn or is withheld is an error with the reason, no text."""

import json
from datetime import datetime

from django.utils import timezone

from api.protocol.parameters import Parameter
from api.v1.mcp.messages import Json
from api.v1.mcp.shown import ENVELOPE, SECTIONS, with_sections
from api.v1.mcp.tool import Answer, Tool
from api.v1.reading import stored
from api.v1.reading.lookup import LOCALE_PARAMETER, Moved
from articles.record.delivery.exports.as_markdown import as_markdown
from articles.record.delivery.forms import PORTABLE

ARTICLE = Parameter("article", "The article's id, or its slug.")


def load(name: str, *, locale: str | None, now: datetime) -> Json:
    """The composed article. An old slug leads to it. Raises what lookup raises."""
    try:
        found = stored.load(name, locale=locale, form=PORTABLE, now=now)
    except Moved as moved:
        found = stored.load(moved.article, locale=None, form=PORTABLE, now=now)
    return json.loads(found.content)


def _run(asked: Json) -> Answer:
    article = load(asked["article"], locale=asked["locale"], now=timezone.now())
    return Answer(with_sections(article, article["content"]["sections"]), as_markdown(article))


TOOL = Tool(
    name="get_article",
    title="Get an article",
    description=(
        "One complete medical article, by its id or slug, with who reviewed it and when, and all that must be shown "
        "with it. An article that was withdrawn is an error with the reason and the article that replaces it."
    ),
    parameters=(ARTICLE, LOCALE_PARAMETER),
    required=("article",),
    output=ENVELOPE | SECTIONS,
    run=_run,
)
