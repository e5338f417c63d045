"""What a draft lacks: an item of a list, a paragraph, or a section. A suggestion says where, what, and its words.

An accepted item stands at the end of its list, a paragraph at the end of its text, and a section behind the one that
the reviewer named. The ids come with the suggestion, so that applying it again gives the same document.
"""

import html
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from wagtail.blocks import Block, FieldBlock, RichTextBlock, StructBlock

from articles.authoring.blocks.article import ArticleBody
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.review.responses.fields import LEFT_TO_COMMENTS, Content, Place, places_of, put_at, section_name

SECTION = "section"
WORDS = "words"  # of a paragraph, or of an item that is one text
AT_THE_BEGINNING = "At the beginning of the article"
NO_TEXT = {"figure", "table", "cta", "sources"}  # sections that say nothing by their text alone
MAX_WORDS = 10_000  # characters


class OneTooMany(DomainError):
    """The article has as many sections, or as many of this kind, as it can have."""

    code = "one-section-too-many"
    title = "The section cannot be added."


@dataclass(frozen=True)
class Missing:
    """Something that can be added. `inputs`: the fields of the form, by name. `place`: a list, a rich text, or None for
    a section, which stands behind the section `section`."""

    section: str
    key: str
    noun: str
    where: str
    inputs: Mapping[str, forms.Field]
    place: Place | None = field(default=None, compare=False)

    def clean(self, posted: Mapping[str, str]) -> dict[str, Any]:
        """The values to store. Raises ValidationError that names the field."""
        made = {}
        for name, form in self.inputs.items():
            try:
                made[name] = form.clean(posted.get(name, ""))
            except ValidationError as error:
                raise ValidationError(f"{form.label}: {' '.join(error.messages)}") from error
        return made

    def in_words(self, values: Mapping[str, Any]) -> str:
        """“Name: Mouth ulcers”, a line for each field that says something; the words alone, where there is no other."""
        if set(self.inputs) == {WORDS}:
            return str(values[WORDS])
        return "\n".join(
            f"{form.label}: {dict(getattr(form, 'choices', ())).get(values[name], values[name])}"
            for name, form in self.inputs.items()
            if values.get(name) not in (None, "")
        )


def missing_of(content: Content) -> Iterator[Missing]:
    """What can be added to the opened draft, in its order; then a section, behind each section and at the beginning."""
    for place in places_of(content):
        if place.is_list or place.is_rich:
            made = _of_text(place) if place.is_rich else _of_list(place)
            if made.inputs:
                yield made
    yield _of_section("", AT_THE_BEGINNING)
    for block in content["body"]:
        if block.get("id") and block.get("type") in ArticleBody.base_blocks:
            yield _of_section(block["id"], f"Behind “{section_name(block)}”")


def find_missing(content: Content, section: str, key: str) -> Missing | None:
    return next((each for each in missing_of(content) if (each.section, each.key) == (section, key)), None)


def new_id() -> str:
    return str(uuid4())


def add(content: Content, missing: Missing, values: Mapping[str, Any], id: str) -> Content:
    """The content with the item, paragraph or section in it. Raises OneTooMany."""
    place = missing.place
    if place is None:
        return content | {"body": _with_section(content["body"], missing.section, values, id)}
    if place.is_rich:
        return put_at(content, place.steps, place.stored + _paragraphs(values[WORDS]))
    assert place.block is not None
    child = place.block.child_block
    item = {"type": "item", "value": _value(child, values), "id": id}
    return put_at(content, place.steps, [*place.stored, item])


def _of_text(place: Place) -> Missing:
    words = forms.CharField(max_length=MAX_WORDS, widget=forms.Textarea, label="Paragraph")
    return Missing(place.section, place.key, "paragraph", place.where, {WORDS: words}, place)


def _of_list(place: Place) -> Missing:
    assert place.block is not None
    child = place.block.child_block
    blocks = child.child_blocks.items() if isinstance(child, StructBlock) else [(WORDS, child)]
    inputs = {name: _input(block) for name, block in blocks if name not in LEFT_TO_COMMENTS and _is_input(block)}
    if not any(isinstance(form, forms.CharField) and form.required for form in inputs.values()):
        inputs = {}  # a citation is made of a source, and no words can stand for it
    return Missing(place.section, place.key, place.item_name, place.where, inputs, place)


def _is_input(block: Block) -> bool:
    if not isinstance(block, FieldBlock):
        return False
    return isinstance(block, RichTextBlock) or isinstance(
        block.field, forms.CharField | forms.ChoiceField | forms.IntegerField
    )


def _input(block: FieldBlock) -> forms.Field:
    """As the editor's form has it."""
    if isinstance(block, RichTextBlock):
        return forms.CharField(max_length=MAX_WORDS, widget=forms.Textarea, label=block.label, required=block.required)
    made = copy(block.field)
    made.label, made.initial = str(block.label), block.get_default()
    return made


def _of_section(behind: str, where: str) -> Missing:
    inputs = {
        "kind": forms.ChoiceField(label="Kind of section", choices=kinds()),
        "heading": forms.CharField(label="Heading", max_length=200, required=False),
        "text": forms.CharField(label="Text", max_length=MAX_WORDS, widget=forms.Textarea),
    }
    return Missing(behind, SECTION, "section", where, inputs)


def kinds() -> list[tuple[str, str]]:
    """(block's name, label) of the sections that a reviewer can suggest."""
    return [(name, str(block.label)) for name, block in ArticleBody.base_blocks.items() if name not in NO_TEXT]


def _with_section(body: list[Any], behind: str, values: Mapping[str, Any], id: str) -> list[Any]:
    kind, limits = values["kind"], ArticlePage._meta.get_field("body").stream_block.meta
    most = limits.block_counts.get(kind, {}).get("max_num", limits.max_num)
    if sum(block.get("type") == kind for block in body) >= most:
        raise OneTooMany("The article has such a section already. Suggest a change of that one.")
    if len(body) >= limits.max_num:
        raise OneTooMany(f"The article has {len(body)} sections, and can have no more.")
    at = next((index + 1 for index, block in enumerate(body) if block.get("id") == behind), 0)
    text = {name: values[name] for name in ("heading", "text")}
    return [*body[:at], {"type": kind, "value": _value(ArticleBody.base_blocks[kind], text), "id": id}, *body[at:]]


def _value(block: Block, values: Mapping[str, Any]) -> Any:
    """As the editor stores it, with what stands in its other fields before anybody types."""
    if not isinstance(block, StructBlock):
        return values[WORDS]
    made = {
        name: _paragraphs(value) if isinstance(block.child_blocks[name], RichTextBlock) else value
        for name, value in values.items()
    }
    return block.get_prep_value(block.to_python(made))


def _paragraphs(text: str) -> str:
    """One for each line; what looks like markup reads as it was typed."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
