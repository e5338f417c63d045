"""Policies and people in the admin, who signs, and the forecast: for whom the pages are, and what they say."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.test.utils import WagtailTestUtils
from wagtail.test.utils.form_data import _querydict_from_form

from articles.authoring.people import Person
from articles.record.models import Event, Publication
from articles.record.vocabulary import Role
from articles.review.models import OpenNeed, Policy
from tests.factories import make_article, make_clinician, make_topic, make_user, note_needs, sign_as, today


@pytest.fixture
def lead(db):
    user = make_user("lead", "Medical leads")
    Person.objects.create(user=user, name="Dr Lea Lead")
    return user


@pytest.fixture
def policy(db):
    return Policy.objects.get(kind="medical")


@pytest.fixture
def in_review(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    note_needs(submitted)
    return submitted


def url(model: str, view: str, *args) -> str:
    return reverse(f"wagtailsnippets_articles_{model}:{view}", args=args)


def form_at(client, address: str, **typed):
    """What the browser would post of the form at this address, with `typed` changed."""
    page = WagtailTestUtils.get_soup(client.get(address).content)
    form = _querydict_from_form(page.find_all("form")[-1])
    form.update(typed)
    return form


@pytest.mark.parametrize("model", ["policy", "person"])
@pytest.mark.parametrize("who", ["Editors", "Medical reviewers", "a superuser"])
def test_only_leads_get_a_form(login, people, policy, model, who):
    user = make_user("other", who, is_superuser=who == "a superuser")
    row = policy if model == "policy" else people.reviewer.person
    client = login(user)

    answers = [client.get(url(model, view, *args)) for view, args in
               [("add", []), ("edit", [row.pk]), ("delete", [row.pk]), ("copy", [row.pk])]]  # fmt: skip

    assert all("<form" not in answer.content.decode() or answer.status_code == 302 for answer in answers)
    assert url(model, "add") not in client.get(url(model, "list")).content.decode()


def test_a_superuser_may_look_at_policies(login, policy):
    html = login(make_user("root", is_superuser=True)).get(url("policy", "list")).content.decode()

    assert policy.name in html
    assert url("policy", "edit", policy.pk) not in html


def test_a_lead_changes_a_policy_in_the_form(login, lead, policy):
    topic, client = make_topic(), login(lead)
    make_clinician(), make_clinician("other", name="Dr Other"), make_user("ed", "Editors")
    form = form_at(client, url("policy", "edit", policy.pk), medical="2", escalate_days="1", is_default="on")
    form.setlist("article_types", ["treatment", "medicine"])
    form.setlist("topics", [str(topic.pk)])

    client.post(url("policy", "edit", policy.pk), dict(form.lists()))

    policy.refresh_from_db()
    assert (policy.medical, policy.article_types, policy.escalate_days) == (2, ["treatment", "medicine"], 1)
    told = [event.data["after"] for event in Event.objects.filter(subject=policy.policy_id)]
    topics = {"topics": [topic.slug], "topic_names": [topic.name]}
    assert told == [{"article_types": ["medicine", "treatment"], "escalate_days": 1, "medical": 2} | topics]


def test_the_default_of_a_kind_is_replaced_and_not_just_unticked(login, lead, policy):
    other, client = Policy.objects.create(name="Two clinicians", kind="medical", medical=2), login(lead)

    form = form_at(client, url("policy", "edit", policy.pk))
    form.pop("is_default", None)
    assert (
        "make another policy of this kind the default"
        in client.post(url("policy", "edit", policy.pk), form).content.decode()
    )
    client.post(url("policy", "edit", other.pk), form_at(client, url("policy", "edit", other.pk), is_default="on"))

    assert list(Policy.objects.filter(kind="medical", is_default=True)) == [other]
    assert Event.objects.filter(subject=policy.policy_id).last().data["after"] == {"is_default": False}


def test_a_post_past_the_form_is_refused_too(login, policy, lead):
    form = form_at(login(lead), url("policy", "edit", policy.pk), medical="2")

    login(make_user("root", is_superuser=True)).post(url("policy", "edit", policy.pk), form)

    policy.refresh_from_db()
    assert policy.medical == 1


def test_deleting_the_default_is_refused_in_words(login, lead, policy):
    said = login(lead).post(url("policy", "delete", policy.pk), follow=True).content.decode()

    assert "is the default of its kind, so it cannot be deleted" in said
    assert Policy.objects.filter(pk=policy.pk).exists()


def test_who_vouches_is_offered(login, lead):
    form = form_at(login(lead), url("person", "add"))

    assert (form["verified_by"], form["verified_on"]) == ("Dr Lea Lead", today().isoformat())


def test_a_signing_role_without_a_registration_says_why(login, lead):
    client = login(lead)
    form = form_at(client, url("person", "add"), name="Dr Bea", medical="on", verified_by="", verified_on="")

    html = client.post(url("person", "add"), form).content.decode()

    for words in ("the body that keeps the register", "the registration number", "who checked this person"):
        assert words in html
    assert not Person.objects.filter(name="Dr Bea").exists()


def test_a_lead_enters_a_clinician(login, lead):
    client = login(lead)
    form = form_at(client, url("person", "add"), name="Dr Bea", medical="on", registration_body="Demo Register")
    form["registration_number"] = "7"

    client.post(url("person", "add"), form)

    person = Person.objects.get(name="Dr Bea")
    assert (person.medical, person.verified_by) == (True, "Dr Lea Lead")
    assert Event.objects.get(subject=person.person_id).actor["name"] == "Dr Lea Lead"


def test_a_policy_that_nobody_could_satisfy_is_refused_in_words(login, lead, policy, people):
    client = login(lead)
    address = url("policy", "edit", policy.pk)

    html = client.post(address, form_at(client, address, specialty="Cardiology", is_default="on")).content.decode()

    assert "requires 1 × medical reviewer of Cardiology, but only 0 can sign today" in html
    policy.refresh_from_db()
    assert policy.specialty == ""


def test_a_review_of_no_month_is_refused_in_words(login, lead, policy):
    client, address = login(lead), url("policy", "edit", policy.pk)

    html = client.post(address, form_at(client, address, interval_months="0", is_default="on")).content.decode()

    assert "A review lasts at least one month." in html


def test_the_form_says_how_far_a_policy_reaches(login, lead, policy, people):
    make_article(by=people.author)

    html = login(lead).get(url("policy", "edit", policy.pk)).content.decode()

    assert "This policy applies to 1 text, including drafts." in html
    assert "People who can sign today: 1 as editor, 1 as medical reviewer." in html


def test_a_policy_that_applies_to_nothing_is_saved_with_a_warning(login, lead, people):
    client = login(lead)
    form = form_at(client, url("policy", "add"), name="Idle", kind="medical", medical="1")

    said = client.post(url("policy", "add"), form, follow=True).content.decode()

    assert "does not apply to any text yet" in said
    assert Policy.objects.filter(name="Idle").exists()


def test_deleting_people_and_policies_one_or_many_has_its_line(login, lead, people):
    client = login(lead)
    idle = [Policy.objects.create(name=f"Idle {number}", kind="medical", medical=1) for number in (1, 2)]
    client.post(url("person", "delete", people.reviewer.person.pk))
    bulk = reverse("wagtail_bulk_action", args=["articles", "policy", "delete"])
    client.post(f"{bulk}?id={idle[0].pk}&id={idle[1].pk}")

    lines = Event.objects.order_by("number").values_list("kind", "actor", "data__name", "data__after")
    names = ["Dr Ada Reviewer", "Idle 1", "Idle 2"]
    kinds = ["person-changed", "policy-changed", "policy-changed"]
    by = {"user": lead.pk, "name": "Dr Lea Lead"}
    assert sorted(lines, key=lambda line: line[2]) == [
        (kind, by, name, {}) for kind, name in zip(kinds, names, strict=True)
    ]
    assert not Policy.objects.filter(name__startswith="Idle").exists()


def test_a_second_lead_confirms_a_clinician_on_a_page_of_its_own(client, login, lead):
    login(lead)
    form = form_at(client, url("person", "add"), name="Dr Bea", medical="on", registration_body="Demo Register")
    form["registration_number"] = "7"
    said = client.post(url("person", "add"), form, follow=True).content.decode()
    person = Person.objects.get(name="Dr Bea")
    address = reverse("articles_confirm_person", args=[person.pk])
    assert "cannot sign until another medical lead has confirmed" in said
    assert "You entered or changed this yourself" in client.get(address).content.decode()

    login(make_user("second", "Medical leads"))
    page = client.get(address).content.decode()
    client.post(address, form_at(client, address))

    person.refresh_from_db()
    assert "Demo Register" in page and person.confirmed_at is not None
    assert "Confirmed by second" in client.get(url("person", "edit", person.pk)).content.decode()


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers"])
def test_the_page_is_for_leads(login, people, group):
    address = reverse("articles_confirm_person", args=[people.reviewer.person.pk])

    assert login(make_user("other", group)).get(address).status_code == 302


def test_everybody_says_in_their_account_when_they_are_away(login, people):
    client = login(people.reviewer)
    name = {"name_email-first_name": "Ada", "name_email-last_name": "R", "name_email-email": "ada@example.org"}
    form = form_at(client, reverse("wagtailadmin_account"), **name, **{"away-until": "2026-12-24"})

    client.post(reverse("wagtailadmin_account"), form)

    assert Person.objects.get(user=people.reviewer).away_until == date(2026, 12, 24)
    assert "Away until" not in login(people.author).get(reverse("wagtailadmin_account")).content.decode()


@pytest.mark.parametrize("user", ["author", "reviewer"])
def test_who_signs_is_for_leads_and_editors(login, people, in_review, user):
    address = reverse("articles_assign", args=["article", in_review.pk])

    answer = login(getattr(people, user)).post(address, {"role": "medical", "to": str(people.reviewer.pk)})

    assert answer.status_code == 302
    assert OpenNeed.objects.get(role="medical").taker is None


def test_a_lead_asks_somebody_of_the_pool_and_somebody_else_instead(login, people, lead, in_review):
    other = make_clinician("other", name="Dr Other")
    address, client = reverse("articles_assign", args=["article", in_review.pk]), login(lead)

    html = client.get(address).content.decode()
    assert "Assign to Dr Ada Reviewer as medical reviewer" in html
    assert "Not assigned yet." in html
    client.post(address, {"role": "medical", "to": str(people.reviewer.pk)})
    said = client.post(address, {"role": "medical", "to": str(other.pk)}, follow=True).content.decode()

    assert "is assigned to Dr Other" in said
    assert "Assigned to Dr Other" in said
    client.post(address, {"role": "medical", "to": "give-back"})
    assert OpenNeed.objects.get(role="medical").taker is None


def test_somebody_outside_the_pool_is_refused_in_words(login, people, lead, in_review):
    address = reverse("articles_assign", args=["article", in_review.pk])

    said = login(lead).post(address, {"role": "medical", "to": str(people.author.pk)}, follow=True).content.decode()

    assert "author cannot sign this as medical reviewer" in said
    assert login(lead).post(address, {"role": "medical", "to": "9" * 40}).status_code == 404


def test_a_draft_that_nobody_is_asked_to_sign_is_not_shown_to_a_lead(login, people, lead):
    page = make_article(by=people.author)

    assert login(lead).get(reverse("articles_assign", args=["article", page.pk])).status_code == 404
    assert login(lead).get(reverse("articles_assign", args=["policy", 1])).status_code == 404


def test_the_forecast_is_for_those_who_see_reports(login, people, lead, published):
    Publication.objects.update(next_review_on=today())

    html = login(lead).get(reverse("articles_forecast")).content.decode()

    assert "clinicians signed a median of 1 full review per week" in html
    assert login(people.author).get(reverse("articles_forecast")).status_code == 302
