"""docs/json.md: its first app shows what readers must see, and its tables name every closed list."""

import json
import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
import yaml

from api.v1.fixtures.states import FIXTURES
from articles.record import words
from tests.api.openapi import SNAPSHOT
from tests.conftest import ROOT, absent

PAGE = (ROOT / "docs/json.md").read_text()
WORDS = PAGE.partition("## The words for coded values")[2].partition("\n## ")[0]
WITHOUT_WORDS = WORDS.partition("All other values are for your program.")[2]
APP = re.search(r"```js\n(.+?)```", PAGE.partition("## Your first app")[2], re.DOTALL)[1]
RUN = """
import { readFileSync } from 'node:fs';
const answers = JSON.parse(readFileSync(0, 'utf8'));
globalThis.fetch = async (url) => ({ json: async () => answers[url.replace('http://127.0.0.1:8000/api/v1/', '')] });
console.log(JSON.stringify(await first()));
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """app({path: answer}): the page that the first app makes of the first article of the list."""
    node = shutil.which("node") or absent("node is not here (apt-get install nodejs)")
    script: Path = tmp_path_factory.mktemp("js") / "app.mjs"
    script.write_text(APP + RUN)

    def run(answers: dict) -> str:
        given = json.dumps(answers)
        return json.loads(
            subprocess.run([node, script], input=given, capture_output=True, text=True, check=True).stdout
        )

    return run


@pytest.fixture
def shown(app, recorded, get, get_json):
    """shown(path): what the first app shows of the article that is served there."""
    listed = re.search(r"articles/\?locale=\$\{locale\}(&fields=[a-z.,]+)", APP)
    path = f"articles/?locale=en{listed[1]}"
    rows = get_json(path)

    def ask(name: str) -> tuple[str, dict]:
        answer = json.loads(get(name).content)
        return app({path: rows, f"articles/{rows['results'][0]['id']}/": answer}), answer

    assert set(rows["results"][0]) == {"id", "content", "review", "notices"}
    assert set(rows["results"][0]["content"]) == {"title", "summary"}
    return ask


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda row: row.name)
def test_the_first_app_shows_what_readers_must_see(shown, fixture):
    page, article = shown(f"fixtures/{fixture.name}/")

    if article.get("status") == 410:
        assert _text(article["explanation"]) in page and len(re.findall("<p", page)) == 1
        return
    content, review = article["content"], article["review"]
    plain = [content["title"], content["sponsorship"] or "", *(row["text"] for row in article["notices"])]
    plain += [row["since"] for row in article["notices"]] + [row["name"] for row in review["reviewed_by"]]
    plain += [review["last_reviewed_on"], review["next_review_on"], review["status"]]
    assert [text for text in plain if _text(text) not in page] == []
    assert [row["id"] for row in content["sections"] + content["disclaimers"] if row["html"] not in page] == []
    assert [row["number"] for row in content["references"] if _reference(row) not in page] == []
    assert ("Medically reviewed by" in page) == bool(review["reviewed_by"])


def _reference(row: dict) -> str:
    return escape(row["text"]["ama"], quote=False)


def _text(text: str) -> str:
    """As the script escapes it."""
    return re.sub(r'[&<>"]', lambda sign: f"&#{ord(sign[0])};", text)


def test_an_article_without_a_section_of_sources_lists_its_references(app, recorded, get_json):
    article = get_json(f"articles/{recorded.slug}/")
    article["content"]["sections"] = [row for row in article["content"]["sections"] if row["kind"] != "sources"]
    rows = {"results": [{"id": article["id"]}]}

    page = app(
        {"articles/?locale=en&fields=content.title,content.summary": rows, f"articles/{article['id']}/": article}
    )

    assert article["content"]["references"]
    for row in article["content"]["references"]:
        assert _text(f"{row['number']}. {row['text']['ama']} ({row['source_status']})") in page


def enums() -> dict[str, set[tuple[str, ...]]]:
    """{member: the closed lists that it has values of}, of every answer."""
    schemas = yaml.safe_load(SNAPSHOT.read_text())["components"]["schemas"]
    found: dict[str, set[tuple[str, ...]]] = {}
    for schema in schemas.values():
        for member, value in schema.get("properties", {}).items():
            for values in _enums(value, schemas):
                found.setdefault(member, set()).add(values)
    return found


def _enums(value, schemas):
    if isinstance(value, dict):
        named = schemas.get(str(value.get("$ref", "")).rpartition("/")[2], {})
        for row in (value, named):
            if "x-extensible-enum" in row:
                yield tuple(row["x-extensible-enum"])
        for key in ("items", "allOf", "anyOf"):
            yield from _enums(value.get(key), schemas)
    elif isinstance(value, list):
        for item in value:
            yield from _enums(item, schemas)


def members(text: str) -> set[str]:
    """The last member of each path in backticks."""
    return {path.removesuffix("[]").rpartition(".")[2] for path in re.findall(r"`([A-Za-z_.\[\]]+)`", text)}


def test_the_page_names_every_member_with_values_of_every_closed_list():
    lists = {tuple(values): name for name, values in words.lists().items()}
    wanted: dict[str, set[str]] = {name: set() for name in lists.values()}
    without_words = {"reason"}  # of `omitted[]`, whose values are described as text
    for member, found in enums().items():
        for values in found:
            if values in lists:
                wanted[lists[values]].add(member)
            else:
                without_words.add(member)
    wanted["section-kind"].add("kind")

    table = WORDS.partition("All other values")[0]
    rows = {name: members(places) for name, places in re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", table, re.MULTILINE)}
    assert rows == wanted
    assert without_words <= members(WITHOUT_WORDS)


def test_every_link_within_the_page_leads_to_a_heading():
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in re.sub(r"```.+?```", "", PAGE, flags=re.DOTALL).splitlines()
        if line.startswith("#")
    }

    assert [name for name in re.findall(r"\]\(#([^)]+)\)", PAGE) if name not in headings] == []
