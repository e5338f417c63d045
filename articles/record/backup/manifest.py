"""The manifest of a backup: what is inside, of which database, up to which event. Pure.

{"digest": "<SHA-256 of all the rest>", "format": 1, "engine": "sqlite", "made_at": "2026-11-24T09:12:03.114000Z",
 "head": {"number": 812, "hash": "9f…", "at": "…Z"}, "migrations": ["record.0001_initial", …],
 "members": {"database.sqlite3": {"sha256": "…", "size": 4096}, "media/original_images/a.png": {…}}}
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from articles.record.backup.errors import RestoreRefused
from articles.record.ledger.anchors import Json

FORMAT = 1
NAME = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FOLDERS = ("editions", "media")
HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    engine: str
    made_at: str
    head: Json
    migrations: list[str]
    members: dict[str, Json]
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """The one way to write it, so that every changed byte shows."""
        value = asdict(self)
        return _written(value | {"digest": hashlib.sha256(_written(value)).hexdigest()})


def parse(content: bytes) -> Manifest:
    """Raises RestoreRefused if it is damaged, of another format, or contains what no manifest contains."""
    try:
        value = json.loads(content)
        if value["format"] != FORMAT:
            raise RestoreRefused(
                f"The backup has format {value['format']}, and this version of Vetted reads format {FORMAT}. "
                "Restore it with the version that made it."
            )
        found = Manifest(**{name: member for name, member in value.items() if name != "digest"})
        is_whole = _is_valid(found) and found.as_bytes() == content
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise RestoreRefused(f"The manifest cannot be read ({error}). Take another backup.") from error
    if not is_whole:
        raise RestoreRefused("The manifest was changed after it was written. Take another backup.")
    return found


def is_member(name: str) -> bool:
    """Whether a backup may contain a file of this name: the database, or a file inside one of the two folders."""
    folder, _, rest = name.partition("/")
    inside = folder in FOLDERS and all(part not in ("", ".", "..") for part in rest.split("/"))
    return (inside and "\0" not in rest) or name in DATABASES.values()


def _is_valid(found: Manifest) -> bool:
    database = {name for name in found.members if name in DATABASES.values()}
    return (
        found.engine in DATABASES
        and database == {DATABASES[found.engine]}
        and all(is_member(name) and _is_described(member) for name, member in found.members.items())
        and isinstance(found.head["number"], int)
        and bool(HEX.fullmatch(found.head["hash"]))
        and all(isinstance(name, str) for name in found.migrations)
    )


def _is_described(member: Json) -> bool:
    return member.keys() == {"sha256", "size"} and isinstance(member["size"], int)


def _written(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode() + b"\n"
