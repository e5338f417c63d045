"""Loads a file of codes. Each terminology that the file names is replaced by what the file has of it, or nothing is."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TextIO

from django.db import transaction
from django.utils import timezone

from articles.authoring.codes.models import Code, CodeList
from articles.errors import Unreadable
from articles.record.vocabulary import CodeSystem

REQUIRED, SYNONYMS = ("system", "code", "display"), "synonyms"
LONGEST_CODE, LONGEST_NAME, LONGEST_LINE = 32, 255, 100_000
BATCH = 2_000
FORMAT = (
    "Vetted reads a text file in UTF-8 whose first line is system,code,display,synonyms (separated by commas or tabs; "
    "synonyms may be missing), with a line for each code"
)

Row = tuple[int, dict[str, str]]  # the number of the line, and its columns


@dataclass
class Loaded:
    """How many codes of each terminology are loaded now, and which were left out for a name too long for an article."""

    counts: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


@transaction.atomic
def load_codes(file: TextIO) -> Loaded:
    """Read the file line by line. Raises Unreadable, which names the line; then nothing was changed."""
    loaded = Loaded()
    codes = _codes(_rows(file), loaded)
    while batch := list(islice(codes, BATCH)):
        Code.objects.bulk_create(batch)
    if not loaded.counts:
        raise Unreadable(f"The file has no codes. {FORMAT}.")
    return loaded


def _codes(rows: Iterable[Row], loaded: Loaded) -> Iterator[Code]:
    lists: dict[str, CodeList] = {}
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        system, code, display = (row[name] for name in REQUIRED)
        if (system, code) in seen:
            raise Unreadable(f"Line {line}: the code {code} of {system} is in the file twice. Remove one of the lines.")
        seen.add((system, code))
        if system not in lists:
            lists[system] = _emptied(system)
        if len(display) > LONGEST_NAME:
            loaded.left_out.append(f"{system} {code}")
            continue
        loaded.counts[system] = loaded.counts.get(system, 0) + 1
        names = (name.strip() for name in row[SYNONYMS].split("|"))
        yield Code(list=lists[system], code=code, display=display, synonyms="\n".join(filter(None, names)))


def _emptied(system: str) -> CodeList:
    made, _ = CodeList.objects.update_or_create(system=system, defaults={"loaded_at": timezone.now()})
    made.codes.all().delete()
    return made


def _rows(file: TextIO) -> Iterator[Row]:
    """Raises Unreadable for what is no such file."""
    try:
        first = file.readline(LONGEST_LINE)
        delimiter = "\t" if "\t" in first else ","
        names = [name.strip().lower() for name in first.lstrip("\ufeff").split(delimiter)]
        if sorted(names) not in (sorted(REQUIRED), sorted([*REQUIRED, SYNONYMS])):
            raise Unreadable(f"The file is of another format. {FORMAT}.")
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        yield from ((reader.line_num + 1, _row(reader.line_num + 1, names, values)) for values in reader if values)
    except (csv.Error, UnicodeDecodeError) as error:
        raise Unreadable(f"The file cannot be read ({error}). {FORMAT}.") from error


def _row(line: int, names: list[str], values: list[str]) -> dict[str, str]:
    if len(values) != len(names):
        raise Unreadable(f"Line {line} has {len(values)} columns, and the first line has {len(names)}.")
    row = {SYNONYMS: ""} | {name: value.strip() for name, value in zip(names, values, strict=True)}
    if row["system"] not in CodeSystem.values:
        known = ", ".join(CodeSystem.values)
        raise Unreadable(f"Line {line} names the terminology “{row['system'][:40]}”; Vetted knows {known}.")
    if not row["code"] or not row["display"] or len(row["code"]) > LONGEST_CODE or "\0" in "".join(values):
        raise Unreadable(f"Line {line} needs a code of at most {LONGEST_CODE} characters, and its name.")
    return row
