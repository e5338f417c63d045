"""The long article in Vetted, and what the stock side needs for the same: `python -m tests.bench.editor.article FILE`.

Prints {pk, words, sections, username, password}. FILE gets the blocks as Wagtail's migrations
describe them, in Wagtail's own classes, the values, and the keys of the sources and the picture.
"""

import json
import re
import sys
from pathlib import Path

import django

django.setup()

from articles.authoring.models import ArticlePage  # noqa: E402 - after setup
from tests.factories import PASSWORD, make_article, make_image, make_source, make_user  # noqa: E402
from tests.long_article import long_body  # noqa: E402

SOURCES = 40
STREAMS = ("body", "codes", "substances")
ENTITY = re.compile(r'<a linktype="(?:citation|anchor)" (?:sources|section)="([\w-]+)"[^>]*>')
OURS = ("anchor", "citation", "paste")  # features of rich text that Wagtail does not have


def main(to: Path) -> None:
    author = make_user("author", "Authors", "Editors")
    sources, image = [make_source() for _ in range(SOURCES)], make_image()
    body = long_body(sources=sources, image=image)
    page = make_article(by=author, body=body)
    to.write_text(
        json.dumps(
            {
                "streams": {name: stock(ArticlePage._meta.get_field(name)) for name in STREAMS},
                "body": plain(body),
                "sources": {row.pk: row.title for row in sources},
                "image": image.pk,
            }
        )
    )
    said = {
        "pk": page.pk,
        "words": len(words_in(body)),
        "sections": len(body),
        "username": "author",
        "password": PASSWORD,
    }
    print(json.dumps(said))


def stock(field) -> list:
    """[blocks, {number: (class, arguments, options)}], without what Wagtail does not have."""
    _, _, (blocks,), options = field.deconstruct()
    for _, _, given in options["block_lookup"].values():
        if "features" in given:
            given["features"] = [name for name in given["features"] if name not in OURS]
    return [blocks, options["block_lookup"]]


def plain(value):
    """Citations and links to sections become links to addresses: the same number of entities."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return ENTITY.sub(r'<a href="https://example.org/\1">', value) if isinstance(value, str) else value


def words_in(value) -> list[str]:
    """What an author typed: of each stored block the values, without keys, ids and choices of one word."""
    if isinstance(value, dict):
        return [word for key, item in value.items() if key not in ("id", "type") for word in words_in(item)]
    if isinstance(value, list):
        return [word for item in value for word in words_in(item)]
    text = re.sub(r"<[^>]*>", " ", value) if isinstance(value, str) else ""
    return text.split() if " " in text else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
