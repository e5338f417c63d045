"""Links between the articles of an old site lead to the articles here, in whatever order these got their drafts."""

import pytest

from articles.authoring.models import ArticlePage
from articles.intake.models import ImportedArticle
from articles.intake.outline import Block, BlockKind, Origin
from articles.intake.runs import tasks
from articles.intake.runs.drafting import try_draft
from articles.intake.runs.linking import links_of
from articles.intake.runs.tasks import queue
from articles.intake.states import RunState
from tests.intake.readers.writing import END, WXR, item
from tests.intake.runs.conftest import PROSE, act, upload
from tests.tasks import run_all

HERE = Origin(address="https://www.blog.example/health/gout/")
LINKS = {
    "https://www.blog.example/a-2/": "/a-2",
    "http://blog.example/A-2": "/a-2",
    "/a-2/#causes": "/a-2",
    "../zinc/": "/health/zinc",
    "https://blog.example/?p=2": "/?p=2",
    "https://other.example/a-2/": "",
    "mailto:us@blog.example": "",
    "#causes": "",
    "https://blog.example/health/gout": "",
    "https://[broken": "",
}


@pytest.mark.parametrize(("href", "path"), LINKS.items())
def test_a_link_of_the_old_site_is_told_by_its_host(href, path):
    block = Block(BlockKind.PARAGRAPH, "this", html=f'<a href="{href}">this</a>')

    assert links_of([block], HERE) == ([path] if path else [])


def export(*linking: tuple[int, str], changed: str = "") -> bytes:
    """Articles 1 to 3; each pair is (the number of an article, where it links to)."""
    texts = dict.fromkeys((1, 2, 3), f"<p>{PROSE}</p><h2>Causes</h2><p>{PROSE}{changed}</p>")
    for number, href in linking:
        texts[number] = f'<p>{PROSE} It is told in <a href="{href}">the <b>other</b> one</a>.</p>{texts[number]}'
    return f"{WXR}{''.join(item(f'Article {at}', text, at) for at, text in texts.items())}{END}".encode()


@pytest.fixture
def drafted(read_run):
    def _drafted(data: bytes):
        run = act(read_run(upload("blog.xml", data)), RunState.DRAFTING)
        return {row.title: row.draft.get_latest_revision_as_object() for row in run.articles.select_related("draft")}

    return _drafted


def stored(page: ArticlePage) -> str:
    return " ".join(str(block["value"].get("text", "")) for block in page.body.raw_data)


@pytest.mark.django_db
def test_links_lead_to_the_articles_here_whichever_got_its_draft_first(drafted):
    pages = drafted(export((1, "https://blog.example/a-3/"), (3, "/a-1/"), (2, "https://blog.example/?p=1")))

    for title, target in (("Article 1", "Article 3"), ("Article 3", "Article 1"), ("Article 2", "Article 1")):
        assert f'<a linktype="page" id="{pages[target].pk}">the <b>other</b> one</a>' in stored(pages[title])


@pytest.mark.django_db
def test_slices_without_time_end_all_the_same(drafted, monkeypatch):
    """Each slice began with the first link again: a run with many of them would never have been done."""
    monkeypatch.setattr(tasks, "SLICE_S", 0.0)

    pages = drafted(export((1, "/a-3/"), (2, "/a-3/"), (3, "/shop/")))

    assert all('linktype="page"' in stored(pages[title]) for title in ("Article 1", "Article 2"))


@pytest.mark.django_db
def test_a_link_to_what_was_not_imported_stays(drafted):
    pages = drafted(export((1, "https://blog.example/shop/"), (2, "https://other.example/a-1/")))

    assert '<a href="https://blog.example/shop/">' in stored(pages["Article 1"])
    assert '<a href="https://other.example/a-1/">' in stored(pages["Article 2"])


@pytest.mark.django_db
def test_linking_again_writes_nothing_and_a_later_export_keeps_the_links(drafted):
    data = export((1, "/a-3/"))
    before = drafted(data)["Article 1"]
    row = ImportedArticle.objects.get(title="Article 1")
    queue(row.run, RunState.DRAFTING)
    run_all()
    again = row.draft.get_latest_revision_as_object()
    later = drafted(export((1, "/a-3/"), changed=" New."))["Article 1"]

    assert again.latest_revision_id == before.latest_revision_id
    assert 'linktype="page"' in stored(later) and "New." in stored(later)


@pytest.mark.django_db
def test_a_draft_that_somebody_touched_is_not_linked(read_run, people):
    run = read_run(upload("blog.xml", export((1, "/a-3/"))))
    first, *_ = run.articles.all()
    page = try_draft(first.pk).draft
    draft = page.get_latest_revision_as_object()
    draft.summary = "Mine."
    draft.save_revision(user=people.editor)
    queue(run, RunState.DRAFTING)
    run_all()

    kept = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert kept.summary == "Mine." and "linktype" not in stored(kept)
