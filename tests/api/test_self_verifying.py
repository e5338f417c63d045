"""The verifiers of docs/json.md, in Python and JavaScript, rebuild every digest from the portable form, and find any
changed string."""

import copy
import json
import re
import shutil
import subprocess
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from articles.record.models import Document
from tests.conftest import ROOT, absent
from tests.factories import block, complete_body, make_article, make_source

PAGE = (ROOT / "docs/json.md").read_text()


def code(language: str) -> str:
    return re.search(rf"```{language}\n(.+?)```", PAGE.partition("## Prove it")[2], re.DOTALL)[1]


@pytest.fixture(scope="module")
def in_python():
    found = {}
    exec(compile(code("python"), "docs/json.md", "exec"), found)
    return found["digests"]


@pytest.fixture(scope="module")
def in_javascript(tmp_path_factory):
    node = shutil.which("node") or absent("node is not here (apt-get install nodejs)")
    script: Path = tmp_path_factory.mktemp("js") / "verify.mjs"
    read = "import { readFileSync } from 'node:fs';\nimport { webcrypto } from 'node:crypto';\n"
    read += "globalThis.crypto ??= webcrypto;\nconst articles = JSON.parse(readFileSync(0, 'utf8'));\n"
    script.write_text(f"{read}{code('js')}\nconsole.log(JSON.stringify(await Promise.all(articles.map(digests))));")

    def verify(articles: list[dict]) -> list:
        done = subprocess.run([node, script], input=json.dumps(articles), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return verify


@pytest.fixture
def portable(get_json):
    return lambda page: get_json(f"articles/{page.slug}/?rich_text=portable")


def places(value, path=()):
    """Paths of all strings that say something."""
    if isinstance(value, str):
        yield from [path] if value else []
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


def flipped(article: dict, path: tuple) -> dict:
    changed = copy.deepcopy(article)
    place = changed["content"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] += "!"
    return changed


@pytest.fixture
def full(rich, people, publish, portable):
    """With links, figures, tables, an offer, questions, and citations in rich text and below claims."""
    source = make_source(doi="10.1000/a", title="A “study” of <scalps> — part 7")
    cited = f'<p>10<sup>3</sup>, <a linktype="citation" sources="{source.pk}" locator="p. 3">[1]</a> &amp; more.</p>'
    answered = block("faq", items=[{"question": "Is 10³ = 1,000?", "answer": cited}])
    other = publish(make_article(by=people.author, body=[*complete_body(source), answered]))
    return [portable(rich), portable(other)]


def test_every_digest_is_rebuilt_from_what_is_served(full, in_python, in_javascript):
    found = [in_python(article) for article in full]

    assert all(stated == computed for rows in found for _, stated, computed in rows)
    assert [name for name, _, _ in found[0]] == ["medical", "presentation", "offer", "disclaimer"]
    assert in_javascript(full) == [[list(row) for row in rows] for rows in found]


def test_every_signed_string_is_served_and_any_changed_one_is_found(full, in_python):
    for article in full:
        found = {path for path in places(article["content"]) if _is_found(in_python, flipped(article, path))}

        signed = [article["edition"]["digests"][part] for part in ("medical", "presentation")]
        signed += [row["digest"] for row in article["components"]]
        documents = Document.objects.filter(digest__in=signed)
        strings = sum(len(list(places(json.loads(bytes(row.content))))) - 1 for row in documents)  # all but its `kind`
        beside = {path for path in found if path[-2:] == ("offer", "id")}  # by which the offer's digest is looked up
        assert len(found - beside) == strings


def _is_found(digests, article) -> bool:
    return any(stated != computed for _, stated, computed in digests(article))


def test_the_javascript_verifier_finds_what_the_python_one_finds(full, in_python, in_javascript):
    article = full[0]
    changed = [flipped(article, path) for path in places(article["content"])]

    found = in_javascript(changed)

    assert [any(stated != computed for _, stated, computed in rows) for rows in found] == [
        _is_found(in_python, row) for row in changed
    ]


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_only_the_portable_form_claims_to_be_verifiable(rich, get_json, form):
    article = get_json(f"articles/{rich.slug}/?rich_text={form}")

    assert not {"signed", "derived"} & set(article)
    assert article["rich_text"] == form


def test_a_late_article_still_holds_the_signed_values(rich, portable, set_clock, in_python):
    set_clock(datetime(2099, 1, 1, tzinfo=UTC))

    article = portable(rich)

    assert article["review"]["status"] == "overdue"
    assert not _is_found(in_python, article)


@pytest.mark.parametrize("headers", [{"Accept-Encoding": "gzip"}, {"Prefer": "vetted=tomorrow"}])
def test_signed_bytes_are_sent_as_they_are_whatever_is_asked(rich, client, get_json, headers):
    """A digest in a header is that of the bytes with their coding (RFC 9530), and the signed ones have none."""
    edition = get_json(f"articles/{rich.slug}/editions/1/")

    answer = client.get(edition["parts"]["medical"], headers=headers)

    assert len(answer.content) > 1024
    digest = sha256(answer.content).digest()
    assert edition["digests"]["medical"] == f"sha-256:{digest.hex()}"
    assert answer.headers["Repr-Digest"] == f"sha-256=:{b64encode(digest).decode()}:"
    assert {"Content-Encoding", "Vary", "Preference-Applied"}.isdisjoint(answer.headers)
