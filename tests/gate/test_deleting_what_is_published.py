"""What readers get is not deleted: the admin says what to do instead, code is stopped, and the record stays."""

import pytest
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.errors import StillRead
from articles.publishing.withdraw import withdraw
from tests.factories import make_article
from tests.gate.reader import ask
from tests.gate.test_routes_to_live import api, bulk, url
from tests.hands import fresh, post, said


def is_served(page) -> bool:
    return ask(f"/api/v1/articles/{page.article_id}/").status == 200


def test_the_delete_view_points_to_withdraw(admin, published):
    address = url("delete", published.pk)

    words = [said(admin.get(address, follow=True)), post(admin, address)]

    assert all("Withdraw it first" in shown for shown in words)
    assert fresh(published)
    assert is_served(published)


def test_bulk_deletion_keeps_what_is_published_and_takes_the_rest(admin, people, published):
    draft = make_article(by=people.author)

    words = post(admin, bulk("delete", published, draft))

    assert "Withdraw it first" in words
    assert list(ArticlePage.objects.all()) == [published]


def test_bulk_deletion_of_published_articles_alone_says_why_nothing_happened(admin, published):
    words = post(admin, bulk("delete", published))

    assert "Withdraw it first" in words
    assert "deleted" not in words.replace("cannot be deleted", "")


def test_the_admin_api_refuses(admin, published, index):
    answers = [admin.post(api(page, "delete"), {}, content_type="application/json") for page in (published, index)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not PageLogEntry.objects.filter(action="wagtail.delete").exists()
    assert is_served(published)


def test_a_folder_with_published_articles_is_kept(admin, published, index):
    words = [post(admin, url("delete", index.pk)), post(admin, bulk("delete", index))]

    assert all("“Articles” contains published articles" in shown for shown in words)
    assert is_served(published)


@pytest.mark.parametrize("model", [ArticlePage, ArticleIndexPage])
def test_code_is_refused_and_leaves_the_tree_whole(published, model):
    with pytest.raises(StillRead, match="Withdraw"):
        model.objects.get().delete()

    assert fresh(published)
    assert not any(Page.find_problems())
    assert not PageLogEntry.objects.filter(action="wagtail.delete").exists()


@pytest.mark.parametrize("delete", ["query set", "base page"])
def test_what_passes_the_refusal_leaves_readers_what_was_signed(published, delete):
    before = ask(f"/api/v1/articles/{published.article_id}/").body

    if delete == "query set":
        Page.objects.filter(pk=published.pk).delete()
    else:
        Page.objects.get(pk=published.pk).delete()

    assert ask(f"/api/v1/articles/{published.article_id}/").body == before


def test_a_draft_and_a_withdrawn_article_are_deleted_as_ever(admin, people, published):
    draft = make_article(by=people.author)
    withdraw(page=published, reason="outdated", by=people.editor)

    for page in (draft, published):
        post(admin, url("delete", page.pk))

    assert not ArticlePage.objects.exists()
    assert ask(f"/api/v1/articles/{published.article_id}/").status == 410


@pytest.mark.parametrize("kind", ["offer", "disclaimer"])
@pytest.mark.parametrize("way", ["view", "bulk"])
def test_a_component_that_readers_see_is_kept(admin, published, kind, way):
    row = {"offer": Offer, "disclaimer": Disclaimer}[kind].objects.get()
    single = reverse(f"wagtailsnippets_articles_{kind}:delete", args=[row.pk])
    many = f"{reverse('wagtail_bulk_action', args=['articles', kind, 'delete'])}?id={row.pk}&next=/admin/"

    words = post(admin, single if way == "view" else many)

    assert "Published articles show" in words
    assert type(row).objects.filter(pk=row.pk).exists()
    with pytest.raises(StillRead):
        row.delete()


@pytest.mark.parametrize("way", ["view", "bulk"])
def test_a_disclaimer_that_drafts_name_is_kept_and_the_admin_says_why(admin, people, unsigned, way):
    row = unsigned.disclaimers.get().disclaimer
    single = reverse("wagtailsnippets_articles_disclaimer:delete", args=[row.pk])
    many = f"{reverse('wagtail_bulk_action', args=['articles', 'disclaimer', 'delete'])}?id={row.pk}&next=/admin/"

    words = post(admin, single if way == "view" else many)

    assert "Remove it from those articles first" in words
    assert Disclaimer.objects.filter(pk=row.pk).exists()


def test_an_offer_that_no_article_shows_is_deleted(admin, offer):
    post(admin, reverse("wagtailsnippets_articles_offer:delete", args=[offer.pk]))

    assert not Offer.objects.exists()


def test_unpublishing_and_moving_by_hand_leave_readers_what_they_had(admin, people, published, index):
    other = index.copy(update_attrs={"slug": "elsewhere"})
    before = ask(f"/api/v1/articles/{published.article_id}/").body

    words = [post(admin, url("unpublish", published.pk)), post(admin, bulk("unpublish", published))]
    post(admin, url("move_confirm", published.pk, other.pk))
    fresh(published).unpublish()

    assert all("Withdraw" in shown for shown in words)
    assert fresh(published).get_parent().pk == other.pk
    assert ask(f"/api/v1/articles/{published.article_id}/").body == before
