"""Puts a suggestion into a draft's content. Pure: the same content and suggestions always give the same content.

The editor's acceptance and the question whose words a draft is (own_words) both go by `made_with`.
"""

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.models import Revision

from articles.document.documents import Document
from articles.document.gather import gather
from articles.document.render import render
from articles.errors import DomainError
from articles.review.models import Suggestion
from articles.review.passages import passages_in
from articles.review.responses.fields import Content, Place, fields_of, find, put_at
from articles.review.responses.missing import add, find_missing
from articles.review.responses.suggestion_text import NotThere, locate, put_words


class DoesNotFit(DomainError):
    """The editor's form would refuse the value."""

    code = "suggestion-does-not-fit"
    title = "The suggestion does not fit."


def made_with(content: Content, row: Suggestion) -> Content:
    """The opened content with the suggestion in it. Raises NotThere where its place or its old value is gone, and
    SpansMarkup, DoesNotFit, OneTooMany."""
    if row.is_missing:
        missing = find_missing(content, row.section, row.key)
        if missing is None:
            raise NotThere("The place where this was to be added no longer exists.")
        return add(content, missing, row.data["add"], row.data["id"])
    place = field_of(content, row.section, row.key, row.before)
    return put_at(content, place.steps, _new_value(place, row))


def field_of(content: Content, section: str, key: str, words: str) -> Place:
    """The field with this key; without a key, the one field of the section that has the words. Raises NotThere."""
    if key:
        if (place := find(content, section, key)) and not place.is_list:
            return place
        raise NotThere("The field no longer exists.")
    found = [place for place in fields_of(content) if place.section == section and place.is_words]
    if not section or not found:
        raise NotThere("The section no longer exists.")
    pairs = [(passage, place) for place in found for passage in passages_in(place.block, place.stored)]
    passage = locate([passage for passage, _ in pairs], words)
    return next(place for each, place in pairs if each is passage)


def rendered(revision: Revision, content: Content) -> dict[str, Document]:
    """The documents of a revision that had this content. Raises what rendering raises."""
    made = copy(revision)
    made.content = content
    return render(gather(made))


def _new_value(place: Place, row: Suggestion) -> Any:
    if not row.is_words:
        if place.value != row.data["from"]:
            raise NotThere(f"The field says “{place.in_words(place.value) or 'nothing'}” by now.")
        return _cleaned(place, row.data["to"])
    stored = str(place.stored or "")
    if not row.before and not place.is_rich:
        if stored.strip():
            raise NotThere("The field is no longer empty.")
        return _cleaned(place, row.after)
    passage = locate(passages_in(place.block, stored), row.before)
    made = put_words(stored, passage, passage.text.index(row.before), row.before, row.after)
    if not place.is_rich:
        _cleaned(place, made)
    return made


def _cleaned(place: Place, posted: str) -> Any:
    try:
        return place.clean(posted)
    except ValidationError as error:
        raise DoesNotFit(f"{place.label}: {' '.join(error.messages)}") from error
