"""Role by route: over every admin address of ours, who is told a word of a draft, and who is not."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Comment

from articles.authoring.models import ArticlePage
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import OpenNeed
from articles.review.responses import suggestions
from articles.review.submit import submit
from tests.factories import edit, make_article, make_clinician, make_image, make_on_call, make_user, note_needs, today
from tests.gate.keys import Keys
from tests.gate.reader import patterns
from tests.tasks import run_all

WORD = "Zwirbelmark"
NAMED = re.compile(r"\(\?P<(\w+)>|<(?:\w+:)?(\w+)>")
OURS = sorted({(route, name) for route, name in patterns() if name.startswith("articles_")})
# What a route is asked with beside its keys: searches find what they may find.
QUERY = f"?text={WORD}&q={WORD}&subject={WORD}&title={WORD}&everything=1&export=csv"


@pytest.fixture
def crowd(people):
    on_call = make_on_call()
    bare = make_user("bare")
    bare.user_permissions.add(*Group.objects.get(name="On-call clinicians").permissions.filter(codename="access_admin"))
    return {
        "its author": people.author,
        "another author": make_user("another", "Authors"),
        "an editor": people.editor,
        "a reviewer": make_clinician("second", name="Dr Second"),
        "who signed the earlier edition": people.reviewer,
        "a clinician on call": on_call,
        "a lead": make_user("lead", "Medical leads"),
        "a login of the admin": bare,
    }


def address(route: str, name: str, page) -> str:
    keys = {"pk": page.pk, "kind": "article", "key": 1, "notice": uuid4(), "name": "editors"}
    keys["section"] = page.get_latest_revision_as_object().body.raw_data[0]["id"]
    wanted = [first or second for first, second in NAMED.findall(route)]
    return reverse(name, kwargs={key: keys[key] for key in wanted})


def told(user, page) -> set[str]:
    """Names of our routes that tell this person the word, whatever way they are asked."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    found = set()
    for route, name in OURS:
        url = address(route, name, page)
        for answer in (
            client.get(url),
            client.get(url + QUERY),
            client.get(f"{url}?export=xlsx"),
            client.post(url, {}),
        ):
            assert answer.status_code < 500, (name, answer.status_code)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if WORD.encode() in content.replace(f"{WORD}&".encode(), b"").replace(f'value="{WORD}"'.encode(), b""):
                found.add(name)
    home = client.get(reverse("wagtailadmin_home")).content
    return found | ({"home"} if WORD.encode() in home else set())


@pytest.fixture
def secret(people):
    """A draft that nobody has submitted."""
    words = {"title": f"{WORD} title", "summary": f"{WORD} summary.", "sponsorship": f"{WORD} pays."}
    return make_article(by=people.author, hero=make_image(), **words)


@pytest.fixture
def changed(published, people):
    """Readers get an edition; the draft says something new that nobody has submitted, and people talk about it."""
    page = edit(published, by=people.author, title=f"{WORD} title", summary=f"{WORD} summary.")
    section = page.get_latest_revision_as_object().body.raw_data[-2]["id"]
    body = list(page.get_latest_revision_as_object().body.raw_data)
    body[-2]["value"] |= {"text": f"<p>{WORD} text.</p>"}
    page = edit(page, by=people.author, body=body)
    suggestions.suggest(page=page, by=people.editor, section=section, before=f"{WORD} text.", after=f"{WORD}s text.")
    comment = Comment(page=page, user=people.editor, text=f"{WORD}?", contentpath="title")
    comment.save()
    comment.log_create()
    return page


@pytest.fixture
def asked_again(changed, people):
    """What readers get lacks a signature and is due, so that people are asked, but not about the draft."""
    void(signoff=SignOff.objects.get(subject=changed.article_id, role=Role.MEDICAL), reason="Lapsed.", by=lead())
    Publication.objects.update(next_review_on=today())
    note_needs(changed)
    assert OpenNeed.objects.filter(closed_at=None, subject=changed.article_id).exists()
    return changed


@pytest.fixture
def withdrawn(changed, people):
    withdraw(page=changed, reason="safety", by=people.editor)
    return changed


def lead():
    return make_user("another-lead", "Medical leads")


MAY_SEE = {"its author", "an editor"}
INVOLVED = ["who signed the earlier edition", "a clinician on call", "a lead"]
OTHERS = [*INVOLVED, "another author", "a reviewer", "a login of the admin"]


@pytest.mark.parametrize("who", OTHERS)
def test_a_draft_that_nobody_submitted_is_told_to_nobody_else(crowd, secret, who):
    assert told(crowd[who], secret) == set()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("state", ["changed", "asked_again", "withdrawn"])
@pytest.mark.parametrize("who", OTHERS)
def test_a_changed_draft_of_a_published_article_is_told_to_nobody_who_is_not_asked(crowd, request, who, state):
    assert told(crowd[who], request.getfixturevalue(state)) == set()


@pytest.mark.parametrize("who", INVOLVED)
def test_what_readers_get_is_no_draft(crowd, changed, who):
    client = Client()
    client.force_login(crowd[who])

    for name in ("articles_reaffirm", "articles_timeline"):
        answer = client.get(reverse(name, args=[changed.pk])).content.decode()
        assert "Scalp inflammation" in answer, name


@pytest.mark.parametrize(
    "who, name",
    [
        ("who signed the earlier edition", "articles_sign_off"),
        ("a lead", "articles_sign_off"),
        ("a clinician on call", "articles_emergency"),
    ],
)
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_a_changed_draft_is_read_by_the_involved_once_it_was_submitted(
    crowd, changed, people, who, name, is_taken_back
):
    submit(page=changed, by=people.author)
    if is_taken_back:
        ArticlePage.objects.get(pk=changed.pk).current_workflow_state.cancel(user=people.author)

    assert name in told(crowd[who], changed)


@pytest.mark.parametrize("who", sorted(MAY_SEE))
def test_those_who_write_and_edit_see_it(crowd, secret, who):
    assert {"articles_sign_off", "articles_timeline"} <= told(crowd[who], secret)


def test_a_reviewer_sees_it_once_it_waits_for_them(crowd, secret, people):
    submit(page=secret, by=people.author)

    assert "articles_sign_off" in told(crowd["a reviewer"], secret)
    assert told(crowd["a login of the admin"], secret) == set() == told(crowd["another author"], secret)


@pytest.fixture
def keys(secret, index):
    """What stands for each parameter of Wagtail's own addresses, after a review that was taken back."""
    submit(page=secret, by=secret.owner)
    page = ArticlePage.objects.get(pk=secret.pk)
    keys = Keys(page, index, index.copy(update_attrs={"slug": "other-folder"}), {}, page.owner)
    page.current_workflow_state.cancel(user=page.owner)
    return keys


@pytest.mark.parametrize("who", ["a reviewer", "a clinician on call", "a login of the admin"])
def test_wagtails_own_routes_tell_its_title_to_nobody_without_a_part_in_it(crowd, keys, who):
    client, told = Client(raise_request_exception=False), []
    client.force_login(crowd[who])

    for route, name in (pair for pair in patterns() if pair[0].startswith("admin/") and pair not in OURS):
        url = keys.url(route, name).replace(f"q={WORD}", f"q={WORD[:-2]}")
        answer = client.get(url)
        said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told += [url] if WORD.encode() in said else []

    assert told == []


@pytest.mark.parametrize("name", ["wagtailadmin_choose_page_search", "wagtailadmin_choose_page_child"])
def test_who_writes_still_chooses_articles_to_link_to(crowd, keys, name):
    run_all()
    client = Client()
    client.force_login(crowd["another author"])

    assert WORD in client.get(keys.url(*next(pair for pair in patterns() if pair[1] == name))).content.decode()


def test_why_a_draft_cannot_be_rendered_is_told_to_nobody_who_may_not_read_it(crowd, secret):
    broken = [{"type": "introduction", "value": {"heading": "", "text": f"<p><b>{WORD} words</p>"}, "id": "broken"}]
    page = edit(secret, by=secret.owner, body=broken)
    url = reverse("articles_take", args=["article", page.pk])

    for who in OTHERS:
        client = Client()
        client.force_login(crowd[who])
        assert WORD not in client.post(url, {"role": "medical"}, follow=True).content.decode(), who


def test_our_routes_are_all_asked():
    assert len(OURS) >= 20
