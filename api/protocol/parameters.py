"""Query parameters: one definition documents a parameter and reads it.

A request that cannot be read is one problem, whose `errors` name every parameter that is wrong.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from django.http import HttpRequest
from drf_spectacular.utils import OpenApiParameter

from api.protocol.problems import InvalidParameter, Problem

Read = TypeVar("Read")
Wrong = list[InvalidParameter]
MAX_FIELDS = 50
SHOWN = 80


@dataclass(frozen=True)
class Parameter:
    """`choices` are the only values allowed; `read` turns text into a value or raises ValueError with a sentence.

    `is_required`: a request without it is refused. `repeats`: it may be given several times, and its value is a tuple:
    without it an empty one. No such value has a comma: a list with commas is refused.
    """

    name: str
    help: str
    choices: tuple[str, ...] = ()
    default: Any = None
    max_length: int = 255
    read: Callable[[str], Any] = str
    schema: dict[str, Any] | None = None
    repeats: bool = False
    is_required: bool = False

    def value(self, text: str) -> Any:
        if self.choices and text not in self.choices:
            raise InvalidParameter(self.name, "choice", f"{self.name} must be one of {', '.join(self.choices)}.")
        if not text or len(text) > self.max_length:
            detail = f"{self.name} must have 1 to {self.max_length} characters."
            raise InvalidParameter(self.name, "length", detail)
        try:
            return self.read(text)
        except ValueError as error:
            raise InvalidParameter(self.name, "value", str(error)) from error

    def documented(self) -> OpenApiParameter:
        schema = self.schema or {"type": "string", "maxLength": self.max_length, "minLength": 1}
        if self.choices:
            schema = {"type": "string", "enum": list(self.choices)}
        shown = schema if self.default is None else schema | {"default": self.default}
        if self.repeats:
            shown = {"type": "array", "items": schema}
        said: dict[str, Any] = {"description": self.help, "required": self.is_required}
        return OpenApiParameter(self.name, shown, OpenApiParameter.QUERY, **said)


def read(
    request: HttpRequest,
    known: tuple[Parameter, ...],
    *,
    together: Callable[[dict[str, Any], Wrong], None] | None = None,
) -> dict[str, Any]:
    """{name: value} of all known parameters, with their defaults. `together` reads what depends on more than its own
    value, from these values into them, and adds what is wrong there."""
    given = _given(request) if request.META.get("QUERY_STRING") else {}
    by_name = {parameter.name: parameter for parameter in known}
    wrong: Wrong = []
    found: dict[str, Any] = {name: () if row.repeats else row.default for name, row in by_name.items()}
    for name, texts in given.items():
        try:
            found[name] = _value(by_name, name, texts)
        except InvalidParameter as error:
            wrong.append(error)
    wrong += [
        InvalidParameter(name, "required", f"Give {name}. {row.help}")
        for name, row in by_name.items()
        if row.is_required and name not in given
    ]
    if together:
        together(found, wrong)
    require_none(wrong)
    return found


def tried(wrong: Wrong, read: Callable[[], Read]) -> Read | None:
    """What `read` gives; None where it cannot, and then `wrong` says why."""
    try:
        return read()
    except InvalidParameter as error:
        wrong.append(error)
        return None


def require_none(wrong: Wrong) -> None:
    """Raises one problem, of the first one's type, that names all of them."""
    if len(wrong) > 1:
        errors = [error for each in wrong for error in each.errors]
        raise Problem(wrong[0].code, " ".join(each.detail for each in wrong), errors=errors)
    if wrong:
        raise wrong[0]


def _value(known: dict[str, Parameter], name: str, texts: list[str]) -> Any:
    shown = _shown(name)
    if "\x00" in f"{name}{''.join(texts)}":
        raise InvalidParameter(shown, "character", f"{shown} contains a NUL character; remove it.")
    if name not in known:
        raise _unknown(name, known)
    if known[name].repeats:
        if any("," in text for text in texts):
            raise InvalidParameter(name, "comma", f"{name} takes one value: repeat {name} for each of several.")
        return tuple(dict.fromkeys(known[name].value(text) for text in texts))
    if len(texts) > 1:
        raise InvalidParameter(shown, "repeated", f"Give {shown} only once.")
    return known[name].value(texts[0])


def pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, text) as they were given. Percent-encoded bytes must be UTF-8."""
    try:
        text = query_text(request)
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeError as error:
        raise _not_utf_8() from error
    except ValueError as error:
        raise InvalidParameter("", "count", f"Give at most {MAX_FIELDS} parameters.") from error


def query_text(request: HttpRequest) -> str:
    """The query as it was sent. WSGI hands its bytes over as Latin-1 (PEP 3333); they must be UTF-8."""
    try:
        return request.META.get("QUERY_STRING", "").encode("latin-1").decode("utf-8")
    except UnicodeError as error:
        raise _not_utf_8() from error


def _not_utf_8() -> InvalidParameter:
    return InvalidParameter("", "encoding", "The query is not UTF-8. Encode it as UTF-8.")


def _given(request: HttpRequest) -> dict[str, list[str]]:
    """{name: texts}, in their order."""
    found: dict[str, list[str]] = {}
    for name, text in pairs(request):
        found.setdefault(name, []).append(text)
    return found


def _unknown(name: str, known: dict[str, Parameter]) -> InvalidParameter:
    listed = f"Known parameters: {', '.join(sorted(known))}." if known else "It has none."
    detail = f"{_shown(name)} is not a parameter of this address. {listed}"
    return InvalidParameter(_shown(name), "unknown", detail, code="not-a-parameter")


def _shown(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "�", name)[:SHOWN]


def documented(known: tuple[Parameter, ...]) -> list[OpenApiParameter]:
    return [parameter.documented() for parameter in known]
