"""Comments on words of the sign-off page, which stay open from round to round until somebody resolves them.

They are Wagtail's comments, at the field of the editor that has the words. Whether the words still stand is asked of
the text as readers get it, without its white space and the numbers of its citations. They keep nobody from signing.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone
from wagtail.models import Comment

from articles.authoring.models import ArticlePage
from articles.document.characters import names_of, unreadable_signs
from articles.document.stored import strings_of
from articles.errors import DomainError
from articles.record.delivery.content.portable_text import Shown
from articles.record.delivery.content.sections import section_html
from articles.review import draft_readers, roles
from articles.review.models import CommentedWords
from articles.review.opening import load_article
from articles.review.passages import BREAK, TAG, Passage, passages_in
from articles.review.responses.fields import Content, Place, fields_of, opened, section_name
from articles.review.review import MEDICAL, Review

MAX_WORDS, MAX_TEXT = 1000, 2000  # characters
OF_THE_ARTICLE = "title, summary and other facts"
HTML = re.compile(r'<sup class="citation">.*?</sup>|<[^>]*>', re.DOTALL)
KEY = re.compile(r'<[^<>]*\bdata-block-key="([^"]+)"[^<>]*>')
BREAK_TAG = re.compile(BREAK.pattern + r"[^<>]*>", re.IGNORECASE)
ELSEWHERE = {"sections", "references"}  # of the medical part; the rest is the article's own


class CannotComment(DomainError):
    """The words do not stand there, nothing is said, or the person may not comment or resolve."""

    code = "cannot-comment"
    title = "The comment was not sent."


@dataclass(frozen=True)
class Open:
    """An open comment. `name`: of its section, "" if that is gone. `stands`: whether its words are in the text."""

    row: CommentedWords
    name: str
    stands: bool

    @property
    def comment(self) -> Comment:
        return self.row.comment

    @property
    def is_shown_in_place(self) -> bool:
        return self.stands and bool(self.row.section)


@transaction.atomic
def comment(*, page: ArticlePage, by: User, section: str, words: str, text: str) -> Comment:
    """Comment on words of the latest saved text, or, without words, on a section (a block's id). For readers of the
    draft who have a signing role. Raises CannotComment, and what loading the draft raises."""
    words, text = words.strip(), text.strip()
    if not roles.roles_of(by, on=timezone.now().date()) or not draft_readers.may_read(page, by):
        raise CannotComment("Only people with a signing role can comment, on a draft that was submitted for review.")
    if not text:
        raise CannotComment("Write a comment. The editors see it at these words.")
    if len(words) > MAX_WORDS or len(text) > MAX_TEXT:
        raise CannotComment(f"Shorten it. Up to {MAX_WORDS} characters can be selected, and a comment has {MAX_TEXT}.")
    if found := unreadable_signs(text):
        raise CannotComment(f"The comment contains invisible characters ({names_of(found)}). Type it again.")
    texts = _texts(load_article(page))
    if section not in texts or not (words or section):
        raise CannotComment("Choose the section that the words are in. It may have been removed: reload the page.")
    if _letters(words) not in texts[section]:
        raise CannotComment("These words do not stand in this section. Copy them exactly, from one section only.")
    return put(page, by, section, words, text)


def put(page: ArticlePage, by: User, section: str, words: str, text: str) -> Comment:
    """Store the comment at the field that has the words; at a section's heading, where no field has all of them."""
    revision = page.get_latest_revision()
    path, position = _place_in_editor(opened(revision.content), section, words)
    made = Comment(page_id=page.pk, user_id=by.pk, text=text, contentpath=path, position=position)
    made.revision_created = revision
    made.save()
    made.log_create(page_revision=revision, user=by)
    CommentedWords.objects.create(comment=made, section=section, words=words)
    return made


def open_of(review: Review) -> list[Open]:
    """The open comments on an article's words, in the order of its text; those on sections that are gone come last."""
    if review.revision is None:
        return []
    rows = CommentedWords.objects.filter(comment__page=review.revision.object_id, comment__resolved_at=None)
    found = list(rows.select_related("comment__user").prefetch_related("comment__replies__user").order_by("pk"))
    texts = _texts(review) if found else {}
    names = {"": OF_THE_ARTICLE} | {
        row["id"]: section_name(row)
        for row in (opened(review.revision.content)["body"] if found else ())
        if "id" in row
    }
    order = list(texts)
    made = [
        Open(row, names.get(row.section, ""), row.section in texts and _letters(row.words) in texts[row.section])
        for row in found
    ]
    return sorted(made, key=lambda each: order.index(each.row.section) if each.row.section in order else len(order))


def may_resolve(row: CommentedWords, user: User, *, is_editor: bool) -> bool:
    """Whoever wrote a comment, or may edit the article, resolves it."""
    return is_editor or row.comment.user_id == user.pk


@transaction.atomic
def resolve(*, page: ArticlePage, key: int, by: User, is_editor: bool) -> None:
    """Resolve a comment of this article. Raises CannotComment."""
    row = CommentedWords.objects.select_related("comment").filter(comment_id=key, comment__page=page.pk).first()
    if row is None or row.comment.resolved_at:
        raise CannotComment("This comment is resolved already, or was deleted.")
    if not may_resolve(row, by, is_editor=is_editor):
        raise CannotComment("Only whoever wrote a comment, and people who may edit the article, can resolve it.")
    row.comment.resolved_at, row.comment.resolved_by_id = timezone.now(), by.pk
    row.comment.save()
    row.comment.log_resolve(page_revision=page.get_latest_revision(), user=by)


def _texts(review: Review) -> dict[str, str]:
    """{section: what readers read of it}; the article's own under ""."""
    value = review.documents[MEDICAL].value
    own = "".join(text for name, item in value.items() if name not in ELSEWHERE for text in strings_of(item))
    shown = Shown(value["language"])
    return {"": _letters(own)} | {
        row["id"]: _letters(html.unescape(HTML.sub("", section_html(_composed(row), shown, references=[]))))
        for row in value["sections"]
    }


def _composed(section: Mapping[str, Any]) -> dict[str, Any]:
    return dict(section) | ({"offer": None} if section["kind"] == "cta" else {})


def _letters(text: str) -> str:
    return "".join(text.split())


def _place_in_editor(content: Content, section: str, words: str) -> tuple[str, str]:
    """(Wagtail's content path, the position in a rich text). Wagtail shows no comments in items of lists."""
    fallback = f"body.{section}.heading" if section else "title"
    places = [place for place in fields_of(content) if place.section == section and "/" not in place.key]
    for place in places if words else ():
        path = f"body.{section}.{place.key}" if section else place.key
        for passage in passages_in(place.block, place.stored) if place.is_words else ():
            if _letters(words) in _letters(passage.text):
                position = _position(place, passage, words) if place.is_rich else ""
                return (path, position) if position or not place.is_rich else (fallback, "")
    return fallback, ""


def _position(place: Place, passage: Passage, words: str) -> str:
    """Where Draftail marks the words: offsets in the paragraph with this key; "" where they cannot be told."""
    at, stored = passage.text.find(words), str(place.stored)
    paragraph = next(iter([*KEY.finditer(stored, 0, passage.nodes[0].start)][-1:]), None) if passage.nodes else None
    if at < 0 or paragraph is None:
        return ""
    ends = [_offset(stored[paragraph.end() :], passage, paragraph.end(), place) for place in (at, at + len(words))]
    return json.dumps([{"key": paragraph[1], "start": ends[0], "end": ends[1]}])


def _offset(stored: str, passage: Passage, begin: int, at: int) -> int:
    """The place in a passage as Draftail counts: the stand-ins of citations count, and halves of a character do."""
    passed = 0
    for node in passage.nodes:
        if at <= passed + len(node.text):
            before = html.unescape(TAG.sub("", BREAK_TAG.sub("\n", stored[: node.start - begin])))
            return len((before + node.text[: at - passed]).encode("utf-16-le")) // 2
        passed += len(node.text)
    return 0
