"""Routes that nobody listed: Host tricks, other methods, stored previews, hidden panels, faked rows, hostile ids."""

import json

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.blocks import Block
from wagtail.models import Page, Revision

from articles.publishing.recompose import recompose_all
from articles.record.models import Document, Edition, Link, Publication, Rendition
from articles.review.opening import load_article
from tests.factories import make_user
from tests.gate.marked import MARK, picture_file
from tests.gate.reader import STRANGER, addresses, ask, patterns
from tests.hands import fresh

DETAIL = "/api/v1/articles/{}/"


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-original-url"])
def test_no_header_of_a_stranger_becomes_an_address(published, header):
    said = {"x-original-url": f"/admin/pages/{published.pk}/edit/"}.get(header, "evil.example")
    urls = [DETAIL.format(published.slug), "/api/v1/articles/", "/"]

    answers = [ask(url, **{header: said}) for url in urls]

    assert not any(b"evil.example" in answer.body or "evil.example" in answer.headers for answer in answers)
    assert all(answer.status in (200, 400) for answer in answers)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_no_method_but_reading_does_anything(unsigned, neighbour, clean, method):
    before = bytes(Publication.objects.get().body)
    said = {"content_type": "application/json"} if method != "trace" else {}

    told = {url: getattr(STRANGER, method)(url, **said).status_code for url in addresses(unsigned)}

    assert not {url: status for url, status in told.items() if status < 400 or status >= 500}
    assert bytes(Publication.objects.get().body) == before
    clean()


@pytest.mark.parametrize("query", ["format=api", "preview=1", "draft=true", "as_of=2030-01-01", "fields=*", "token=x"])
def test_no_parameter_opens_a_draft(unsigned, neighbour, query):
    answers = [ask(f"{DETAIL.format(name)}?{query}") for name in (unsigned.slug, unsigned.article_id)]

    assert {answer.status for answer in answers} <= {400, 404}


def test_documents_that_are_signed_but_in_no_edition_are_not_served(people, unsigned, neighbour, clean):
    """One signature stores the bytes; the others are missing."""
    for document in load_article(unsigned).documents.values():
        Document.objects.create(
            digest=document.digest,
            kind=document.kind,
            format=document.format,
            content=document.content,
            stored_at=unsigned.latest_revision_created_at,
        )

    clean()


def test_a_link_row_faked_in_code_opens_no_picture_without_a_published_article(unsigned, neighbour):
    digest = unsigned.hero.sha256
    folder = settings.EDITION_FILES_ROOT / digest.removeprefix("sha-256:")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "64.png").write_bytes(picture_file().read())
    path = f"{folder.name}/64.png"
    Rendition.objects.create(image=digest, width=64, height=48, type="image/png", sha256=digest, path=path, event=1)
    Link.objects.create(article=unsigned.article_id, relation="image", target=digest)

    assert ask(f"/editions/{path}").status == 404


def test_a_publication_faked_in_code_without_an_edition_is_not_kept_by_recompose(unsigned, neighbour):
    """A row that no edition stands behind derives from nothing: it is removed."""
    row = Publication.objects.get(article=neighbour.article_id)
    row.article, row.slug, row.body = unsigned.article_id, unsigned.slug, json.dumps({"t": MARK}).encode()
    row.save(force_insert=True)

    recompose_all()

    assert not Publication.objects.filter(article=unsigned.article_id).exists()


def test_the_state_of_a_publication_cannot_bring_back_a_text_without_its_edition(people, unsigned, neighbour, clean):
    Publication.objects.filter(article=neighbour.article_id).update(article=unsigned.article_id)

    clean()


def test_editions_of_another_article_do_not_open_by_ones_own_name(unsigned, neighbour):
    edition = Edition.objects.get(subject=neighbour.article_id)

    answers = [
        ask(f"{DETAIL.format(unsigned.slug)}editions/{edition.number}/parts/{part}/") for part in edition.digests
    ]

    assert {answer.status for answer in answers} == {404}


@pytest.mark.parametrize(
    "identity", ["../../etc/passwd", "0", "<script>alert(1)</script>", "x" * 5000, "\x00", "blocks.ArticleBody"]
)
def test_the_preview_of_blocks_takes_no_hostile_id(admin, identity):
    answer = admin.get(reverse("wagtailadmin_block_preview"), {"id": identity})

    assert answer.status_code == 404
    assert b"<script>alert" not in answer.content


def test_the_preview_of_blocks_shows_examples_and_no_article(admin, unsigned):
    shown = [
        admin.get(reverse("wagtailadmin_block_preview"), {"id": identity}).content
        for identity, block in Block.definition_registry.items()
        if type(block).__module__.startswith("articles.authoring.blocks")
    ]

    assert len(shown) > 13
    assert not any(MARK.encode() in content for content in shown)


@pytest.mark.parametrize("name", ["view_draft", "preview_on_edit", "edit", "history", "copy", "workflow_history"])
def test_another_author_opens_no_draft(client, people, unsigned, name):
    client.force_login(make_user("other-author", "Authors"))

    answer = client.get(reverse(f"wagtailadmin_pages:{name}", args=[unsigned.pk]))

    assert answer.status_code in (302, 404)
    assert MARK.encode() not in answer.content


@pytest.mark.parametrize("name", ["articles_panel", "articles_withdraw", "articles_refile"])
def test_another_author_opens_no_panel_and_no_verb(client, people, unsigned, name):
    client.force_login(make_user("other-author", "Authors"))

    answer = client.get(reverse(name, args=[unsigned.pk]))

    assert answer.status_code in (302, 404)
    assert MARK.encode() not in answer.content


def test_a_login_with_nothing_but_the_admin_reads_no_draft(unsigned):
    user = make_user("clerk")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(user)
    shown = {}

    for page in ("", "pages/", f"pages/{unsigned.pk}/edit/", "reports/aging-pages/", "reports/site-history/"):
        shown[page] = client.get(f"/admin/{page}").content
    for kind in ("article", "offer", "disclaimer"):
        shown[kind] = client.get(f"/admin/sign-off/{kind}/1/").content
    shown["api"] = client.get(f"/admin/api/main/pages/{unsigned.pk}/?fields=*").content
    shown["panel"] = client.get(f"/admin/articles/{unsigned.pk}/panel/").content

    assert not [page for page, content in shown.items() if MARK.encode() in content]


def test_a_page_served_by_wagtail_itself_would_be_no_article(unsigned, rf):
    """`wagtail.urls` is not mounted; nothing in the URLconf calls Page.serve."""
    unsigned.get_latest_revision().publish()

    assert not [route for route, name in patterns() if "wagtail_serve" in name]
    assert fresh(unsigned).get_url_parts() is not None
    assert ask(Page.objects.get(pk=unsigned.pk).url_path).status == 404


def test_the_userbar_is_on_no_page_of_readers(published):
    for url in ("/", f"/read/en/{published.slug}/"):
        assert b"wagtail-userbar" not in ask(url).body


def test_a_revision_of_another_page_moved_here_by_sql_reaches_nobody(people, unsigned, neighbour, clean):
    revision = Revision.objects.get(pk=unsigned.latest_revision_id)
    content = revision.content | {"pk": neighbour.pk, "article_id": str(neighbour.article_id)}
    moved = Revision.objects.create(
        content_type=revision.content_type,
        base_content_type=revision.base_content_type,
        object_id=str(neighbour.pk),
        content=content,
        object_str=MARK,
        created_at=revision.created_at,
    )
    Page.objects.filter(pk=neighbour.pk).update(latest_revision=moved, live_revision=moved)

    recompose_all()

    clean(neighbour)
