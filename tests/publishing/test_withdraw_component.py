"""An offer or a disclaimer is taken back from every article that shows it, and comes back only with new signatures."""

import pytest
from django.urls import reverse

from articles.authoring.permissions import NotPermitted
from articles.errors import NotPublished
from articles.publishing.withdraw import withdraw_component
from articles.record.models import ComponentPublication, Event
from articles.record.vocabulary import Role
from tests.factories import sign_as
from tests.pipeline.reading import get, verified

pytestmark = pytest.mark.django_db


def offers_of(page) -> list:
    sections = get(page).json()["content"]["sections"]
    return [section["offer"] for section in sections if section.get("offer")]


def test_a_withdrawn_offer_leaves_the_articles_that_show_it_and_they_say_so(published, offer, people):
    assert offers_of(published)

    withdraw_component(component=offer, reason="legal", by=people.editor)

    assert offers_of(published) == []
    assert [row["id"] for row in get(published).json()["omitted"]] == [str(offer.component_id)]
    verified()


def test_a_withdrawn_disclaimer_leaves_the_articles_that_show_it(published, disclaimer, people):
    withdraw_component(component=disclaimer, reason="outdated", by=people.editor)

    assert get(published).json()["content"]["disclaimers"] == []
    verified()


def test_its_signed_bytes_are_no_longer_served(published, offer, people, client):
    address = f"/api/v1/components/{offer.component_id}/editions/1/"
    assert client.get(address).status_code == 200

    withdraw_component(component=offer, reason="safety", by=people.editor)

    assert client.get(address).status_code == 410


def test_it_comes_back_only_with_new_signatures(published, offer, people):
    withdraw_component(component=offer, reason="other", by=people.editor)

    sign_as(offer, people.editor, Role.EDITOR)
    assert offers_of(published) == []
    sign_as(offer, people.reviewer, Role.MEDICAL)

    assert offers_of(published)
    assert ComponentPublication.objects.get(component=offer.component_id).edition == 2
    verified()


def test_the_ledger_says_who_withdrew_it_and_why(offer, people):
    withdraw_component(component=offer, reason="legal", by=people.editor)

    event = Event.objects.get(kind="component-withdrawn")
    assert (event.subject, event.data["reason"], event.actor["user"]) == (offer.component_id, "legal", people.editor.pk)


def test_what_no_article_shows_is_not_withdrawn_twice(offer, people):
    withdraw_component(component=offer, reason="legal", by=people.editor)

    with pytest.raises(NotPublished):
        withdraw_component(component=offer, reason="legal", by=people.editor)


def test_an_author_withdraws_nothing(offer, people):
    with pytest.raises(NotPermitted):
        withdraw_component(component=offer, reason="legal", by=people.author)


def test_an_editor_withdraws_it_in_the_admin(published, offer, people, client):
    client.force_login(people.editor)
    address = reverse("articles_withdraw_component", args=["offer", offer.pk])

    page = client.get(address)
    answer = client.post(address, {"reason": "legal"}, follow=True)

    assert page.status_code == 200 and "It returns only after it has been signed again" in page.content.decode()
    assert "No article shows it now" in answer.content.decode()
    assert offers_of(published) == []
