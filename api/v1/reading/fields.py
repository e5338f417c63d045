"""`fields`: only some members of an article. Whoever asks for text gets what must be shown with it.

A path names members with dots between them; through a list it means each of its items. A section's members are whole: a
claim does not come without its certainty, nor an offer without its disclosure. So are references, which say what became
of the source, and what holds a picture, which comes with its alternative text and its credit.
"""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from api.protocol.parameters import Parameter
from api.protocol.problems import InvalidParameter
from api.v1.schemas.section import KINDS

Json = dict[str, Any]
Tree = dict[str, Any]  # {member: tree below it}; an empty tree is a whole value
MOST = 50
HELP = (
    f"Only these members, up to {MOST} paths with commas between them: `id,content.title,review.status`. `id` is "
    "always there. With any text come `review` and `notices`; with sections, their `id`, `kind` and `importance`, the "
    "sponsorship, disclaimers, references and `omitted`. `content.references`, `.hero` and `.seo` are whole. Other "
    "members are absent, whatever the schema requires."
)
TEXTS = ("content", "highlights")
ALWAYS = ("id",)
WITH_TEXT = ("review", "notices")
WHOLE = ("content.references", "content.hero", "content.seo")
SECTION = "content.sections"
WITH_SECTIONS = (
    *("omitted", "content.sponsorship", "content.disclaimers", "content.references"),
    *(f"{SECTION}.{name}" for name in ("id", "kind", "importance")),
)


def parameter(*described: type[serializers.Serializer]) -> Parameter:
    """Its value is the tree of the members to keep, of an answer that one of these serializers describes."""
    known = known_in(*described)
    return Parameter("fields", HELP, max_length=2_000, read=lambda text: read(text, known))


def read(text: str, known: Tree) -> Tree:
    """The members to keep. Raises InvalidParameter, naming the paths that are unknown."""
    paths = list(dict.fromkeys(text.split(",")))
    if any("*" in path for path in paths):
        raise InvalidParameter("fields", "value", "fields takes no *: leave fields out to get all members.")
    if len(paths) > MOST:
        raise InvalidParameter("fields", "count", f"fields can name at most {MOST} members.")
    if unknown := [path for path in paths if not _is_known(path.split("."), known)]:
        detail = f"fields names unknown members: {', '.join(each[:80] or '“”' for each in unknown[:10])}."
        raise InvalidParameter("fields", "unknown", detail)
    shown = [*ALWAYS, *map(_whole, paths)]
    if any(path.split(".")[0] in TEXTS for path in paths):
        shown += WITH_TEXT
    if "sections" in known["content"] and any(path == "content" or path.startswith(SECTION) for path in paths):
        shown += WITH_SECTIONS
    return _tree(shown)


def reduced(value: Any, kept: Tree) -> Any:
    """The value with the members that the tree names, in its own order."""
    if not kept:
        return value
    if isinstance(value, list):
        return [reduced(item, kept) for item in value]
    if isinstance(value, dict):
        return {name: reduced(item, kept[name]) for name, item in value.items() if name in kept}
    return value


def known_in(*described: type[serializers.Serializer]) -> Tree:
    """The members that an answer described by one of these serializers may have."""
    made: Tree = {}
    for serializer in described:
        _add(made, _members(serializer()))
    return made


def _add(made: Tree, more: Tree) -> None:
    for name, inner in more.items():
        _add(made.setdefault(name, {}), inner)


def _members(field: Any) -> Tree:
    if isinstance(field, serializers.ListSerializer):
        return _members(field.child)
    if isinstance(field, serializers.ListField) and type(field.child).__name__.endswith("SectionField"):
        return {name: {} for kind in KINDS.values() for name in kind().fields}
    if isinstance(field, serializers.Serializer):
        return {name: _members(inner) for name, inner in field.fields.items()}
    return {}


def _whole(path: str) -> str:
    """The path, or the one to what must stay whole around it."""
    return next((whole for whole in WHOLE if path.startswith(f"{whole}.")), path)


def _is_known(path: list[str], known: Tree) -> bool:
    name, *rest = path
    return name in known and (not rest or _is_known(rest, known[name]))


def _tree(paths: Iterable[str]) -> Tree:
    """A path to a whole value wins over one to a part of it."""
    made: Tree = {}
    for path in sorted(paths, key=lambda path: path.count(".")):
        inner = made
        *above, last = path.split(".")
        for name in above:
            if name in inner and not inner[name]:
                break
            inner = inner.setdefault(name, {})
        else:
            inner.setdefault(last, {})
    return made
