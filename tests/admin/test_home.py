"""The start page by role: what waits for me, where my articles stand, what is due, and what went wrong."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.admin.home.asked import OpenSignatures
from articles.admin.home.due import due
from articles.admin.home.mine import MyArticles
from articles.admin.home.problems import Emergencies, RefusedPublications
from articles.admin.home.waiting import WaitingForMe
from articles.authoring.models import ArticleAuthor, ArticlePage
from articles.publishing.scheduling.schedule import schedule_publication
from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.models import Decline, OpenNeed, Policy
from articles.review.needs import keeping
from articles.review.submit import submit
from tests.factories import (
    edit,
    make_article,
    make_clinician,
    make_disclaimer,
    make_offer,
    make_topic,
    note_needs,
    publish_at_once,
    sign_as,
    take,
    today,
)


@pytest.fixture
def in_review(people, submitted):
    """An article that waits for a clinician; what that asks of whom is noted."""
    sign_as(submitted, people.editor, Role.EDITOR)
    note_needs(submitted)
    return submitted


def shown(panel, user) -> list:
    return list(panel.page(user, 1, size=100))


def waiting(user) -> list:
    return shown(WaitingForMe(), user)


def mine(user):
    return shown(MyArticles(), user)[0]


def home(login, user) -> str:
    return login(user).get("/admin/").content.decode()


def test_what_waits_says_how_long_it_takes_to_read_under_which_policy_and_since_when(people, in_review):
    (row,) = waiting(people.reviewer)

    assert (row.title, row.roles) == (in_review.title, "medical reviewer")
    assert row.url == reverse("articles_sign_off", args=["article", in_review.pk])
    assert row.policy == "Medical part: an editor and a clinician"
    assert row.minutes == 1
    assert row.since <= timezone.now()
    assert (row.taker, row.is_mine) == ("", False)


def test_a_long_text_takes_longer(people):
    page = make_article(by=people.author)
    body = list(page.body.raw_data)
    body[0]["value"]["text"] = f"<p>{'word ' * 900}</p>"
    submit(page=edit(page, by=people.author, body=body), by=people.author)

    assert waiting(people.editor)[0].minutes == 5


def test_the_longest_waiting_stands_first(people):
    first, second = (make_article(by=people.author) for _ in range(2))
    for page in (first, second):
        submit(page=page, by=people.author)
        note_needs(page)
    OpenNeed.objects.filter(subject=second.article_id).update(asked_at=timezone.now() - timedelta(days=3))

    assert [row.title for row in waiting(people.editor)] == [second.title, first.title]


def test_policies_by_type_and_topic_are_named(people):
    by_type = Policy.objects.create(name="Treatments", kind="medical", medical=1, article_types=["treatment"])
    by_topic = Policy.objects.create(name="Hair", kind="medical", medical=1)
    by_topic.topics.add(make_topic())
    Policy.objects.create(name="Tests", kind="medical", medical=1, article_types=["test"])
    page = make_article(by=people.author, article_type="treatment", topics=[make_topic()])
    submit(page=page, by=people.author)

    assert waiting(people.editor)[0].policy == ", ".join(
        ["Hair", "Medical part: an editor and a clinician", by_type.name]
    )


def test_nothing_waits_for_who_had_a_hand_in_it(people, in_review):
    edit(in_review, by=people.reviewer, summary="I know what helps an inflamed scalp.")
    note_needs(in_review)

    assert waiting(people.reviewer) == []


def test_nothing_waits_for_who_stands_on_the_byline(people):
    page = make_article(by=people.author)
    draft = page.get_latest_revision_as_object()
    draft.authors = [ArticleAuthor(person=people.reviewer.person)]
    draft.save_revision(user=people.author)
    page = ArticlePage.objects.get(pk=page.pk)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    assert waiting(people.reviewer) == []


def test_nothing_waits_for_who_said_no(people, in_review):
    Decline.objects.create(
        subject_kind="article",
        subject=in_review.article_id,
        user=people.reviewer,
        role="medical",
        reason="no-time",
        at=timezone.now(),
    )
    note_needs(in_review)

    assert waiting(people.reviewer) == []


def test_nothing_waits_for_clinicians_of_another_specialty(people, in_review):
    Policy.objects.filter(kind="medical").update(specialty="Surgery")
    note_needs(in_review)

    assert waiting(people.reviewer) == []


def test_a_component_waits_for_the_roles_of_its_policy_alone(people):
    note_needs(make_disclaimer(by=people.author))

    assert [row.roles for row in waiting(people.reviewer)] == ["medical reviewer"]
    assert waiting(people.editor) == []


def test_the_button_takes_it_and_gives_it_back(login, people, in_review):
    url = reverse("articles_take", args=["article", in_review.pk])

    assert f"Assign {in_review.title} to me" in home(login, people.reviewer)
    taken = login(people.reviewer).post(url, {"role": "medical"}, follow=True).content.decode()

    assert f"“{in_review.title}” is assigned to you" in taken
    assert f"Unassign {in_review.title}" in taken
    assert waiting(people.reviewer)[0].is_mine
    login(people.reviewer).post(url, {"role": "medical", "give-back": ""})
    assert OpenNeed.objects.get(role="medical").taker is None


def test_what_another_took_says_who(login, people, in_review):
    other = make_clinician("other", name="Dr Other")
    take(in_review, Role.MEDICAL, other)

    assert waiting(people.reviewer)[0].taker == "Dr Other"
    assert "Assign to me" not in home(login, people.reviewer)


def test_taking_is_refused_in_words_to_who_cannot_sign(login, people, in_review):
    url = reverse("articles_take", args=["article", in_review.pk])

    said = login(people.author).post(url, {"role": "medical"}, follow=True).content.decode()

    assert "You cannot sign this as medical reviewer" in said
    assert login(people.author).get(url).status_code == 405
    assert login(people.author).post(reverse("articles_take", args=["policy", 1])).status_code == 404


def test_fifty_articles_cost_as_many_queries_as_one(people, lead, django_assert_max_num_queries):
    pages = [make_article(by=people.author) for _ in range(50)]
    for page in pages:
        submit(page=page, by=people.author)

    with django_assert_max_num_queries(10):
        found = waiting(people.editor)
    assert len(found) == 50
    with django_assert_max_num_queries(12):
        assert len(shown(MyArticles(), people.author)) == 50


def test_my_articles_say_where_they_stand(people, publish):
    page = make_article(by=people.author)
    assert mine(people.author).stands == "Draft"

    submit(page=page, by=people.author)
    note_needs(page)
    row = mine(people.author)
    assert row.stands == "Under review. Still to sign: editor (asked: editor)."
    assert row.could == "editor: editor"

    ArticlePage.objects.get(pk=page.pk).current_workflow_state.current_task_state.reject(user=people.editor)
    assert mine(people.author).stands == "Changes requested"


def test_my_articles_say_what_readers_get(people, published):
    assert mine(people.author).stands == "Published"
    assert mine(people.author).readers_get.startswith("Edition 1, published on ")

    edit(published, by=people.author, summary="Something else helps an inflamed scalp.")
    assert mine(people.author).stands == "Published; the draft has unpublished changes"

    withdraw(page=published, reason="safety", by=people.editor)
    assert mine(people.author).readers_get == "Withdrawn (safety)"


def test_a_save_that_changes_nothing_that_is_signed_is_no_unpublished_change(login, people, published):
    login(people.editor).post(reverse("articles_refile", args=[published.pk]), {"slug": "moved"})
    refiled = ArticlePage.objects.get(pk=published.pk)
    edit(refiled, by=people.author, slug="moved-again")

    assert mine(people.author).stands == "Published"
    assert (refiled.slug, refiled.has_unpublished_changes) == ("moved", False)


def schedule(page, by):
    at = timezone.now() + timedelta(days=1)
    return schedule_publication(page=ArticlePage.objects.get(pk=page.pk), at=at, zone="Europe/Berlin", by=by)


def test_what_is_scheduled_says_what_will_come_of_it(people, submitted):
    row = schedule(submitted, people.editor)
    note_needs(submitted)
    said = f"This text will be published on {row.moment}"
    assert mine(people.author).stands == (
        f"Under review. Still to sign: editor (asked: editor). {said}, if it has all its signatures by then."
    )

    sign_as(submitted, people.editor, Role.EDITOR)
    sign_as(submitted, people.reviewer, Role.MEDICAL, "medical")
    assert mine(people.author).stands == f"{said}."

    edit(submitted, by=people.author, summary="Something else helps an inflamed scalp.")
    assert "An earlier text is scheduled" in mine(people.author).stands


def test_a_schedule_signs_nothing(people):
    page = make_article(by=people.author)
    row = schedule(page, people.editor)

    assert (
        mine(people.author).stands
        == f"This text will be published on {row.moment}, if it has all its signatures by then."
    )


def test_my_articles_are_mine(people, published):
    assert shown(MyArticles(), people.reviewer) == []


def test_who_could_sign_is_named_without_me(people, in_review):
    assert mine(people.author).could == "medical reviewer: Dr Ada Reviewer"
    edit(in_review, by=people.reviewer, summary="I know what helps an inflamed scalp.")
    assert "Dr Ada Reviewer" not in mine(people.reviewer).could


def test_due_and_overdue_reviews_are_for_those_who_answer_for_them(login, people, lead, published):
    Publication.objects.update(next_review_on=today() - timedelta(days=1))
    keeping.write_all()

    (row,), count = due(lead, today())
    assert (row.title, row.is_overdue, row.taker, count) == (published.title, True, "", 1)
    assert row.assign_url == reverse("articles_assign", args=["article", published.pk])
    for user in (lead, people.editor, people.reviewer):
        assert "Reviews due and overdue" in home(login, user)
    assert "Reviews due and overdue" not in home(login, people.author)


def test_a_review_that_is_not_due_is_not_listed(lead, published):
    assert due(lead, today()) == ([], 0)


def test_what_was_refused_and_not_published_since_says_why(login, people, lead, submitted):
    with transaction.atomic():
        events.append(
            "refused",
            subject_kind="article",
            subject=submitted.article_id,
            actor={},
            data={"code": "slug-taken", "detail": "Another article has this address."},
        )

    (row,) = shown(RefusedPublications(), lead)

    assert (row.title, row.why) == (submitted.title, "Another article has this address.")
    assert "Publication refused" in home(login, lead)
    with transaction.atomic():
        events.append(
            "refused",
            subject_kind="article",
            subject=submitted.article_id,
            actor={},
            data={"code": "not-signed-off", "detail": "Missing signatures: editor on the medical part."},
        )
    (row,) = shown(RefusedPublications(), lead)
    assert row.why == "Another article has this address."  # the missing signatures are asked for
    sign_as(submitted, people.editor, Role.EDITOR)
    sign_as(submitted, people.reviewer, Role.MEDICAL, "medical")
    assert shown(RefusedPublications(), lead) == []


def test_who_assigns_sees_what_is_asked_and_what_nobody_took_first(login, people, lead, in_review):
    offer = make_offer(by=people.author)
    note_needs(offer)
    take(in_review, Role.MEDICAL, people.reviewer)

    found = shown(OpenSignatures(), lead)

    assert [(row.title, row.role, row.taker) for row in found] == [
        (offer.name, "editor", ""),
        (offer.name, "medical reviewer", ""),
        (in_review.title, "medical reviewer", "Dr Ada Reviewer"),
    ]
    assert reverse("articles_assign", args=["article", in_review.pk]) in home(login, lead)
    assert "Open signatures" not in home(login, people.reviewer)


def test_an_emergency_is_listed_and_its_missing_signatures_are_asked_for(login, people, lead, submitted):
    people.reviewer.groups.add(Group.objects.get(name="On-call clinicians"))
    publish_at_once(submitted, get_user_model().objects.get(pk=people.reviewer.pk), reason="A recall.")
    note_needs(submitted)

    (row,) = shown(Emergencies(), lead)

    assert (row.title, row.reason) == (submitted.title, "A recall.")
    assert "Published in an emergency" in home(login, lead)
    assert "editor" in OpenNeed.objects.filter(closed_at=None).values_list("role", flat=True)
    assert "Published in an emergency" not in home(login, people.author)


def test_the_lists_say_whom_the_rota_asked_until_somebody_takes_it(login, people, lead, in_review):
    other = make_clinician("other", name="Dr Other")

    assert "You were asked" in home(login, people.reviewer)
    assert "Dr Ada Reviewer was asked" in home(login, other)
    assert "Dr Ada Reviewer was asked" in home(login, lead)
    take(in_review, Role.MEDICAL, people.reviewer)
    assert "asked" not in home(login, lead)
