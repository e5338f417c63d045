"""Where the list of articles looks for a word: in what readers get, and in the drafts of the person who looks."""

import json

from django.db.models import Q

from articles.record.models import Link, SearchText
from articles.sources.models import SEARCHED, Source

PUBLISHED = ("names", "summary", "text")
DRAFTED = ("summary", "synonyms", "body")


def having(word: str) -> Q:
    """Pages from `names.titled` with the word in the title that the person sees; in the names, the summary, the text
    or a cited source of the published version; in the summary, the other names or the text of a draft that the person
    may edit. Of a draft's text, the names of its stored fields count as words, too."""
    texts = SearchText.objects.filter(_any("", PUBLISHED, word)).values("article")
    sources = Source.objects.filter(_any("", SEARCHED, word)).values_list("source_id", flat=True)
    citing = Link.objects.filter(relation="source", target__in=[str(key) for key in sources]).values("article")
    drafts = Q()
    for form in _stored_forms(word):
        drafts |= _any("latest_revision__content__", DRAFTED, form)
    return (
        Q(shown_title__icontains=word) | Q(article_id__in=texts) | Q(article_id__in=citing) | Q(drafts, may_edit=True)
    )


def _any(prefix: str, fields: tuple[str, ...], word: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{prefix}{field}__icontains": word})
    return found


def _stored_forms(word: str) -> set[str]:
    """The word as it is, and as Wagtail stores it in a text: as JSON, in which “é” and “É” are codes."""
    return {word, *(json.dumps(form)[1:-1] for form in (word, word.lower(), word.capitalize()) if not word.isascii())}
