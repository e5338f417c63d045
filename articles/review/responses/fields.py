"""The fields of a draft that reviewers can suggest a change of: all that people word or choose in its medical part.

A field is known by its key: names, and for each item of a list its id. There is no other way to name one, so a key that
is not among the fields of the stored draft leads nowhere. The block definitions say which fields there are, and the
shapes of signed documents (record.documents) which of them readers get. Codes, records and files are left to comments.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from wagtail.blocks import Block, FieldBlock, ListBlock, RichTextBlock, StructBlock
from wagtail.contrib.table_block.blocks import TableBlock

from articles.authoring.blocks.article import ArticleBody
from articles.authoring.models import ArticlePage
from articles.document.stored import KNOWN, kind_of, stream
from articles.record.documents import CODE, ITEM_NAMES, SECTION, SECTIONS, SUBSTANCE, Maybe

WORDS = {
    "title": "Title",
    "summary": "Summary",
    "synonyms": "Other names",
    "sponsorship": "Sponsorship",
    "ai_tool": "AI tool",
    "seo_title": "Title for search engines",
    "search_description": "Description for search engines",
    "hero_alt": "Alternative text of the hero image",
    "social_image_alt": "Alternative text of the social image",
}
CHOICES = {
    "article_type": "Article type",
    "audience": "Audience",
    "ai_use": "Use of AI",
    "hero_decorative": "The hero image is decorative",
}
PICTURES = {"hero_alt": "hero", "hero_decorative": "hero", "social_image_alt": "social_image"}
STREAMS = ("substances", "body")
# Chosen from terminologies, or a record of the library.
LEFT_TO_COMMENTS = {"system", "code", "display", "market", "source", "image"}
SHORT = 60  # characters of a name in a label
NAME = re.compile(r"\{(\w+)\}")

Content = dict[str, Any]
Step = str | int


@dataclass(frozen=True)
class Place:
    """One field, or a list of items, in a stored draft (`opened`).

    `section`: its block's id, "" for the article's own. `item`: “side effect “Irritation””, or "". `steps` lead to
    `stored`. `form`: the field of the editor's form, None for a list, whose items are made by `block`.
    """

    section: str
    key: str
    name: str
    item: str
    label: str
    steps: tuple[Step, ...]
    stored: Any = None
    form: forms.Field | None = None
    block: Block | None = None
    item_name: str = ""

    @property
    def where(self) -> str:
        """The place in words: “Risks”, side effect “Irritation”: Frequency."""
        within = ", ".join(filter(None, (self.name and f"“{self.name}”", self.item)))
        return f"{within}: {self.label}" if within else self.label

    @property
    def is_list(self) -> bool:
        return self.form is None

    @property
    def is_rich(self) -> bool:
        return isinstance(self.block, RichTextBlock)

    @property
    def is_words(self) -> bool:
        return self.is_rich or isinstance(self.form, forms.CharField)

    @property
    def is_one_line(self) -> bool:
        return self.is_words and not self.is_rich and not isinstance(self.form and self.form.widget, forms.Textarea)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(value, label) of a closed list."""
        rows = getattr(self.form, "choices", ())
        return [(str(value), str(label)) if value else ("", "Not stated") for value, label in rows]

    @property
    def value(self) -> str:
        """What is stored, as a form posts it."""
        if isinstance(self.stored, list):
            return ",".join(value for value, _ in self.choices if value in self.stored)
        if isinstance(self.form, forms.BooleanField):
            return "on" if self.stored else ""
        return "" if self.stored is None else str(self.stored)

    def clean(self, posted: str) -> Any:
        """The value to store. Raises ValidationError where the editor's form would refuse it."""
        assert self.form is not None
        if isinstance(self.form, forms.MultipleChoiceField):
            return self.form.clean([value for value in posted.split(",") if value])
        if isinstance(self.form, forms.BooleanField):
            return bool(self.form.clean(posted == "on"))
        return self.form.clean(posted)

    def in_words(self, posted: str) -> str:
        """What people call the value: the label of a choice."""
        labels = dict(self.choices)
        if isinstance(self.form, forms.BooleanField):
            return "Yes" if posted else "No"
        if isinstance(self.form, forms.MultipleChoiceField):
            return ", ".join(labels.get(value, value) for value in posted.split(",") if value)
        return labels.get(posted, posted) if posted and labels else posted


def opened(content: Mapping[str, Any]) -> Content:
    """A revision's content with its streams as lists of blocks."""
    return dict(content) | {name: stream(content.get(name)) for name in STREAMS}


def fields_of(content: Content) -> list[Place]:
    """All fields, in the order of the editor: the article's own, then those of each section, empty ones, too."""
    return [place for place in places_of(content) if not place.is_list]


def places_of(content: Content) -> list[Place]:
    """The fields, and the lists that an item can be missing from. `content` is opened."""
    return [*_own(content), *_substances(content), *_sections(content)]


def find(content: Content, section: str, key: str) -> Place | None:
    """The place with this key; None if there is none, or more than one."""
    found = [place for place in places_of(content) if (place.section, place.key) == (section, key)]
    return found[0] if len(found) == 1 else None


def put_at(value: Any, steps: tuple[Step, ...], new: Any) -> Any:
    """The value with `new` where the steps lead; the rest is shared with the value."""
    if not steps:
        return new
    first, *rest = steps
    if isinstance(value, list) and isinstance(first, int):
        return [*value[:first], put_at(value[first], tuple(rest), new), *value[first + 1 :]]
    return dict(value or {}) | {first: put_at((value or {}).get(first), tuple(rest), new)}


def section_name(block: Mapping[str, Any]) -> str:
    """As the editor calls the section: by its heading, else by its kind."""
    kind = str(ArticleBody.base_blocks[block["type"]].label)
    return str((block.get("value") or {}).get("heading") or "").strip() or kind


def shortened(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]}…"


def _own(content: Content) -> Iterator[Place]:
    for name, label in (WORDS | CHOICES).items():
        if name not in PICTURES or content.get(PICTURES[name]):
            yield Place("", name, "", "", label, (name,), content.get(name), _form_of(name))


def _form_of(name: str) -> forms.Field:
    """As the editor's form has it; a form's field leaves the model's own validators to the model."""
    column = ArticlePage._meta.get_field(name)
    made = column.formfield()
    made.validators = [*made.validators, *column.validators]
    return made


def _substances(content: Content) -> Iterator[Place]:
    block = ArticlePage._meta.get_field("substances").stream_block.child_blocks["substance"]
    for index, row in enumerate(content["substances"]):
        if row.get("type") == "substance":
            named = f"substance “{shortened(_name(block, row.get('value'), index))}”"
            at = Place("", f"substances/{row.get('id')}", "", named, "", ("substances", index, "value"))
            yield from (each for each in _walk(block, SUBSTANCE, row.get("value"), at) if not each.is_list)


def _sections(content: Content) -> Iterator[Place]:
    for index, block in enumerate(content["body"]):
        if block.get("type") in KNOWN and block.get("id"):
            kind, value = kind_of(block["type"]), block.get("value") or {}
            at = Place(block["id"], "", shortened(section_name(block)), "", "", ("body", index, "value"))
            shape = SECTION | SECTIONS.get(kind, {})
            yield from _walk(ArticleBody.base_blocks[block["type"]], shape, value, at, ITEM_NAMES.get(kind, {}))


def _walk(
    block: Block, shape: Any, value: Any, at: Place, item_names: Mapping[str, str] | None = None
) -> Iterator[Place]:
    if isinstance(block, StructBlock):
        inside = value if isinstance(value, dict) else {}
        if "image" in block.child_blocks and not inside.get("image"):
            return  # words of a picture that is not there
        for name, child in block.child_blocks.items():
            if name in shape and name not in LEFT_TO_COMMENTS and shape[name] != [CODE]:
                below = shape[name].shape if isinstance(shape[name], Maybe) else shape[name]
                called = (item_names or {}).get(name, str(getattr(child, "child_block", child).label).lower())
                key = f"{at.key}/{name}" if at.key else name
                within = replace(at, key=key, label=str(child.label), steps=(*at.steps, name), item_name=called)
                yield from _walk(child, below, inside.get(name), within)
    elif isinstance(block, ListBlock):
        yield replace(at, stored=value if isinstance(value, list) else [], block=block)
        yield from _items(block, shape, value, at)
    elif isinstance(block, TableBlock):
        yield from _cells(value if isinstance(value, dict) else {}, at)
    elif isinstance(block, RichTextBlock):
        yield replace(at, stored=value or "", block=block, form=forms.CharField(required=False))
    elif isinstance(block, FieldBlock):
        yield replace(at, stored=value, block=block, form=block.field)


def _items(block: ListBlock, shape: Any, value: Any, at: Place) -> Iterator[Place]:
    seen: list[str] = []
    for index, item in enumerate(value if isinstance(value, list) else []):
        is_wrapped = isinstance(item, dict) and item.get("type") == "item" and "value" in item
        inner = item["value"] if is_wrapped else item
        name = _name(block.child_block, inner, index)
        step = str(item.get("id") or "") if is_wrapped else ""
        step = step or _once(name, seen)
        is_plain = not isinstance(block.child_block, StructBlock)
        quoted = f"{at.item_name} {index + 1}" if is_plain or name == str(index + 1) else f"{at.item_name} “{name}”"
        steps: tuple[Step, ...] = (*at.steps, index, "value") if is_wrapped else (*at.steps, index)
        below = replace(at, key=f"{at.key}/{step}", steps=steps, item_name="")
        if is_plain:
            yield from _walk(block.child_block, shape, inner, replace(below, label=quoted[:1].upper() + quoted[1:]))
        else:
            named = ", ".join(filter(None, (at.item, quoted)))
            yield from _walk(block.child_block, shape[0], inner, replace(below, item=named, label=""))


def _name(block: Block, value: Any, index: int) -> str:
    """What the editor shows as the item's name; its number where it has none."""
    named = NAME.search(str(getattr(block.meta, "label_format", "") or ""))
    text = value.get(named[1]) if named and isinstance(value, dict) else value
    return shortened(" ".join(text.split())) if isinstance(text, str) and text.strip() else str(index + 1)


def _cells(table: Mapping[str, Any], at: Place) -> Iterator[Place]:
    """The caption, and each cell by the names of its row and its column: cells have no ids."""
    words = forms.CharField(required=False, widget=forms.Textarea)
    caption, data = table.get("table_caption"), table.get("data") or []
    steps: tuple[Step, ...] = (*at.steps, "table_caption")
    yield replace(at, key=f"{at.key}/caption", steps=steps, label="Caption", stored=caption, form=words)
    columns: list[str] = []
    heads = [_once(_cell(cell, number), columns) for number, cell in enumerate(data[0] if data else [], start=1)]
    rows: list[str] = []
    for row, cells in enumerate(data):
        head = _once(_cell(cells[0] if cells else "", row + 1), rows)
        for column, cell in enumerate(cells):
            over = heads[column] if column < len(heads) else str(column + 1)
            key, steps = f"{at.key}/cells/{head}/{over}", (*at.steps, "data", row, column)
            label = f"row “{shortened(head)}”, column “{shortened(over)}”"
            yield replace(at, key=key, steps=steps, label=label[:1].upper() + label[1:], stored=cell, form=words)


def _cell(cell: Any, number: int) -> str:
    return str(cell).replace("/", " ").strip() if isinstance(cell, str) and cell.strip() else str(number)


def _once(name: str, seen: list[str]) -> str:
    """A name without slashes that stands for one item only."""
    seen.append(name.replace("/", " "))
    count = seen.count(seen[-1])
    return seen[-1] if count == 1 else f"{seen[-1]} ({count})"
