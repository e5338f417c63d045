"""One source in the place of another, at every citation of a stored body. Pure.

Support, place and quote stay as they are. A claim that cites both already keeps what it says of the one that comes.
"""

import html
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from articles.authoring.rich_text.features import cited
from articles.document.stored import CITED

ATTRIBUTE = re.compile(r'\b([a-z]+)="([^"]*)"')


@dataclass
class Replacing:
    """`old` are the keys of the source that goes, `same` those that mean the one that comes; `new` is its own.

    `citations` and `quotes` count what was found of the one that goes; `listed`, the lists of further reading.
    """

    old: Collection[int]
    new: int
    same: Collection[int] = ()
    citations: int = 0
    quotes: int = 0
    listed: int = 0

    def body(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The stored blocks, with the one in place of the other."""
        made = self._of(blocks)
        return [self._further_reading(block) if block.get("type") == "sources" else block for block in made]

    def _of(self, value: Any) -> Any:
        if isinstance(value, str):
            return CITED.sub(lambda found: self._tag(found[0]), value)
        if isinstance(value, list):
            return [self._of(item) for item in value]
        if not isinstance(value, dict):
            return value
        made = {name: self._of(item) for name, item in value.items()}
        return made | {"citations": self._rows(made["citations"])} if isinstance(made.get("citations"), list) else made

    def _rows(self, rows: list[Any]) -> list[Any]:
        """The list of a claim's citations."""
        values = [row.get("value", row) if isinstance(row, dict) else {} for row in rows]
        is_there = any(value.get("source") in self._meant for value in values)
        kept = []
        for row, value in zip(rows, values, strict=True):
            if value.get("source") not in self.old:
                kept.append(row)
                continue
            self._count(value)
            if not is_there:
                made = value | {"source": self.new}
                kept.append(row | {"value": made} if "value" in row else made)
        return kept

    def _tag(self, tag: str) -> str:
        """A citation in running text."""
        attrs = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        rows = cited(attrs)
        found = [row for row in rows if row["source"] in self.old]
        if not found:
            return tag
        for row in found:
            self._count(row)
        is_there = any(row["source"] in self._meant for row in rows)
        kept = [row for row in rows if not (is_there and row["source"] in self.old)]
        said: dict[str, dict[str, str]] = {}
        for row in kept:
            said.setdefault(str(self._key(row)), {name: row[name] for name in ("support", "locator", "quote")})
        attrs |= {"sources": ",".join(said), "support": "", "locator": "", "said": json.dumps(said, ensure_ascii=False)}
        return "<a " + " ".join(f'{name}="{html.escape(value)}"' for name, value in attrs.items()) + ">"

    def _further_reading(self, block: dict[str, Any]) -> dict[str, Any]:
        items = block.get("value", {}).get("items")
        if not isinstance(items, list):
            return block
        keys = [item.get("value") if isinstance(item, dict) else item for item in items]
        is_there = any(key in self._meant for key in keys)
        kept = []
        for item, key in zip(items, keys, strict=True):
            if key not in self.old:
                kept.append(item)
                continue
            self.listed += 1
            if not is_there:
                kept.append(item | {"value": self.new} if isinstance(item, dict) else self.new)
                is_there = True
        return block | {"value": block["value"] | {"items": kept}}

    @property
    def _meant(self) -> set[int]:
        return {self.new, *self.same}

    def _key(self, row: dict[str, Any]) -> int:
        return self.new if row["source"] in self.old else row["source"]

    def _count(self, said: dict[str, Any]) -> None:
        self.citations += 1
        self.quotes += bool(said.get("quote"))
