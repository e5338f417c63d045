"""Is a posted form of the shape that the editor sends? Wagtail answers 500 to counts and keys that are no numbers."""

import re

from django.core.exceptions import BadRequest
from django.http import QueryDict

from articles.authoring.blocks.article import MAX_ITEMS

LARGEST_KEY = 2**63 - 1
COUNT = re.compile(r".+-(?:count|TOTAL_FORMS|INITIAL_FORMS|order)")
STREAMS = ("body", "codes", "substances")
ID = re.compile(rf"(?:{'|'.join(STREAMS)})-.*[0-9]-id", re.DOTALL)
ID_OF_BLOCK = re.compile(r"[A-Za-z0-9-]{1,64}")  # it stands in addresses; the editor makes UUIDs
CHOSEN = ("hero", "social_image", "policy")


def require_form(data: QueryDict) -> None:
    """Raises BadRequest naming the field. What people can type wrongly is left to the form itself."""
    for name in data:
        if COUNT.fullmatch(name) and not _is_number(str(data[name]), most=MAX_ITEMS):
            raise BadRequest(f"The field {name[:80]} is not a valid number. Load the page again.")
        if ID.fullmatch(name) and not _are_ids(data.getlist(name)):
            raise BadRequest(f"The field {name[:80]} is not a valid id. Load the page again.")
    for name in STREAMS:
        _require_members(data, name)
    for name in CHOSEN:
        if data.get(name) and not _is_number(str(data[name]), most=LARGEST_KEY):
            raise BadRequest(f"The field {name} does not name a record. Choose it again.")


def _require_members(data: QueryDict, name: str) -> None:
    """A stream that is posted has its count, and each member its type."""
    if f"{name}-count" not in data:
        raise BadRequest(f"The form is missing its {name}. Load the page again.")
    for index in range(int(str(data[f"{name}-count"]))):
        if f"{name}-{index}-type" not in data:
            raise BadRequest(f"Item {index + 1} of {name} has no type. Load the page again.")


def _are_ids(given: list[str]) -> bool:
    """A new block may come without one."""
    return all(not each or ID_OF_BLOCK.fullmatch(each) for each in given)


def _is_number(text: str, *, most: int) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,19}", text, re.ASCII)) and int(text) <= most
