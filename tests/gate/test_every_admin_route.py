"""Every view of the admin, read from the URLconf and asked about an unsigned article: no stranger learns a word."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.test.utils import WagtailTestUtils
from wagtail.test.utils.form_data import _querydict_from_form, nested_form_data, streamfield

from articles.record.models import Publication
from articles.review.models import Policy
from articles.review.submit import submit
from articles.sources.models import Source
from tests.factories import make_user
from tests.gate.admin_routes import ACTS, NO_ARTICLE, SHOWS, lacking
from tests.gate.keys import Keys
from tests.gate.reader import ask, patterns, tells
from tests.hands import STREAMS, fresh

MORE = {"scope_codes": streamfield([]), "scope_statuses": streamfield([]), "scope_markets": streamfield([])}


def admin_views() -> list[tuple[str, str]]:
    return [(route, name) for route, name in patterns() if route.startswith("admin/")]


@pytest.fixture
def keys(people, unsigned, index, root):
    """What stands for each parameter: the unsigned article under review, and what it is made of."""
    submit(page=unsigned, by=people.author)
    page = fresh(unsigned)
    offer = next(block.value["offer"] for block in page.body if block.block_type == "cta")
    snippets = {
        "source": Source.objects.get(title__contains="Zwirbelmark"),
        "offer": offer,
        "disclaimer": page.disclaimers.get().disclaimer,
        "topic": page.topics.get().topic,
        "person": page.get_latest_revision_as_object().authors.get().person,
        "policy": Policy.objects.get(kind="medical"),
    }
    return Keys(page, index, index.copy(update_attrs={"slug": "other-folder"}), snippets, root)


def press_its_own_button(client: Client, url: str, typed: dict[str, str]):
    """Open the page, fill its form as it stands, post it; views without a form are posted to."""
    soup = WagtailTestUtils.get_soup(client.get(url).content)
    forms = [form for form in soup.find_all("form") if form.get("method", "").lower() == "post"]
    form = _querydict_from_form(forms[-1]) if forms else {}
    if "title" in form and "slug" in form:
        form.update(nested_form_data(STREAMS))
    form.update(nested_form_data(MORE) | typed)
    return client.post(url, form)


def test_every_view_of_the_admin_has_an_expectation():
    names = [name for _, name in admin_views()]

    missing, gone = lacking(names), sorted((SHOWS | set(ACTS) | set(NO_ARTICLE)) - set(names))

    assert not missing, f"New views: add them to tests/gate/admin_routes.py, with what they do: {missing}"
    assert not gone, f"These views are gone; take them out of tests/gate/admin_routes.py: {gone}"


def test_no_view_that_shows_an_article_fails_or_tells_it_to_strangers(admin, keys, neighbour, clean):
    told = {name: admin.get(keys.url(route, name)).status_code for route, name in admin_views() if name in SHOWS}

    assert not {name: status for name, status in told.items() if status >= 500}
    assert sum(status == 200 for status in told.values()) > len(told) * 0.8
    clean()


@pytest.mark.parametrize("name", ACTS)
def test_pressing_the_button_of_a_view_tells_strangers_nothing(admin, keys, neighbour, clean, name):
    for route in (route for route, known in admin_views() if known == name):
        answer = press_its_own_button(admin, keys.url(route, name), ACTS[name])
        assert answer.status_code < 500, (answer.status_code, answer.content[:500])

    assert not Publication.objects.exclude(article=neighbour.article_id).exists()
    clean()


@pytest.mark.parametrize("who", ["nobody", "a login without the admin"])
def test_no_view_of_the_admin_opens_to_strangers(keys, who):
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(make_user("stranger"))

    opened = {}
    for route, name in admin_views():
        answer = client.get(keys.url(route, name))
        if answer.status_code == 200 or b"Zwirbelmark" in answer.content:
            opened[name] = answer.status_code

    assert set(opened) <= {
        "wagtailadmin_login",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
    }


def test_the_previews_of_an_article_are_not_for_strangers(admin, keys, unsigned):
    """Wagtail keeps a preview's form in the session; the address alone shows nothing."""
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[unsigned.pk])
    press_its_own_button(admin, url, {})

    assert not tells(ask(f"{url}?mode="), "Zwirbelmark")


def test_bulk_actions_and_the_actions_of_the_admin_api_are_those_that_were_tried():
    bulk_action_registry._scan_for_bulk_actions()
    bulk = set(bulk_action_registry.actions["wagtailcore"]["page"])

    assert bulk == {"delete", "move", "publish", "unpublish"}
    assert set(PagesAdminAPIViewSet.actions) == {
        "convert_alias",
        "copy",
        "copy_for_translation",
        "create_alias",
        "delete",
        "move",
        "publish",
        "revert_to_page_revision",
        "unpublish",
    }
