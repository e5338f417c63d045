"""The article of an evidence pack as it was served, composed from the signed documents, with its pictures embedded."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

from articles.admin.evidence.moment import Live
from articles.errors import DomainError
from articles.record.delivery.article_state import pictures_of, published_state
from articles.record.delivery.compose import compose
from articles.record.delivery.content.section_media import WEBP
from articles.record.event_data import Picture
from articles.record.site import this_site

Json = dict[str, Any]
WIDEST = 1200  # pixels
STYLES = ("articles/colours.css", "articles/reading.css")


class TextErased(DomainError):
    """A text has been erased by law since, so the page cannot be composed."""

    code = "text-erased"
    title = "A text was erased."


def read_at(live: Live) -> Json:
    """The article as the API served it then. Raises TextErased."""
    shown = {digest for row in (live.edition, *live.components.values()) for digest in row.digests.values()}
    if missing := shown - set(live.record.documents):
        raise TextErased(f"The page cannot be shown because some of its text was erased by law: {', '.join(missing)}.")
    state = published_state(live.record, live.article, site=this_site(), now=live.at)
    return json.loads(compose(replace(state, renditions=_pictures(live)), now=live.at).body)


def styles() -> str:
    return "".join(Path(str(finders.find(name))).read_text() for name in STYLES)


def _pictures(live: Live) -> dict[str, list[Json]]:
    """{image: [one embedded file]}: the largest file up to 1200 pixels wide, or else the smallest.

    A picture whose file is missing is left out, so that the pack can still be made; `ledger verify` reports it.
    """
    files = [row for row in pictures_of(live.record, live.article) if row["type"] != WEBP]
    chosen: dict[str, Picture] = {}
    for row in sorted(files, key=lambda row: row["width"]):
        if row["width"] <= WIDEST or row["image"] not in chosen:
            chosen[row["image"]] = row
    root = Path(settings.EDITION_FILES_ROOT)
    return {image: [_embedded(row, root)] for image, row in chosen.items() if (root / row["path"]).is_file()}


def _embedded(row: Picture, root: Path) -> Json:
    url = f"data:{row['type']};base64,{base64.b64encode((root / row['path']).read_bytes()).decode()}"
    return {"url": url} | {key: value for key, value in row.items() if key in ("width", "height", "type", "sha256")}
