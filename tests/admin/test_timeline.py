"""An article's timeline: everything that happened, in people's words, to those who may read it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Comment

from articles.authoring.models import ArticlePage
from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.ledger.sentences import SENTENCES, VARIANTS, actor_name, sentence
from articles.record.models import Event
from articles.record.vocabulary import EventKind, Role, SubjectKind
from articles.review.models import ChangeRequest, Decline, OpenNeed, Suggestion
from tests.factories import edit, make_article, make_clinician, make_user


def url(page) -> str:
    return reverse("articles_timeline", args=[page.pk])


def told(client, page, **asked) -> list[tuple[str, str]]:
    """[(sentence, when and who)] as the page shows them."""
    answer = client.get(url(page), asked)
    assert answer.status_code == 200
    items = BeautifulSoup(answer.content, "html.parser").select(".vetted-timeline > li")
    return [
        (
            item.select_one(".vetted-said").get_text(strip=True),
            item.select_one(".vetted-when").get_text(" ", strip=True),
        )
        for item in items
    ]


def words(client, page, **asked) -> list[str]:
    return [said for said, _ in told(client, page, **asked)]


@pytest.fixture
def editor(login, people):
    return login(people.editor)


def write(kind: str, article, data: dict, **more) -> Event:
    given = {"subject_kind": SubjectKind.ARTICLE, "subject": article.article_id, "actor": {"name": "Dr Lead"}} | more
    return events.append(kind, data=data, **given)


class Line:
    def __init__(self, kind: str, data, subject_kind: str = "article") -> None:
        self.kind, self.data, self.subject_kind = kind, data, subject_kind


def test_every_kind_of_event_has_a_sentence_of_its_own():
    assert set(SENTENCES) == set(EventKind.values)
    assert {kind for kind, _ in VARIANTS} <= set(EventKind.values)
    assert len({sentence(Line(kind, {})) for kind in EventKind.values}) == len(EventKind.values)


@pytest.mark.parametrize("kind", EventKind.values)
@pytest.mark.parametrize("data", [{}, None, [], "text", {"unknown": 1}, {"reason": None, "filing": None, "before": []}])
def test_a_line_whose_data_are_of_another_time_still_has_a_sentence(kind, data):
    said = sentence(Line(kind, data))

    assert said
    assert "None" not in said
    assert said[0].isupper()


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (
            "signed",
            {"part": "medical", "role": "medical", "scope": "whole"},
            "Signed the medical part as medical reviewer: the whole text.",
        ),
        (
            "voided",
            {"signoff": 9, "reason": "The license was revoked."},
            "Sign-off 9 was voided: it no longer counts. Reason: The license was revoked.",
        ),
        (
            "withdrawn",
            {"reason": "safety", "explanation": "It may harm.", "signoff": 9},
            "Withdrawn from readers. Reason: safety. Readers see: “It may harm.” "
            "This explanation was signed with sign-off 9.",
        ),
        (
            "withdrawn",
            {"reason": "outdated", "replacement": "a"},
            "Withdrawn from readers. Reason: outdated. They are referred to article a instead.",
        ),
        (
            "source-status",
            {"status": "retracted", "was": "standing", "title": "A study"},
            "The source “A study” now has the status “Retracted” (it was “In good standing”).",
        ),
        (
            "policy-changed",
            {"name": "Ours", "before": {"medical": 1}, "after": {"medical": 2}},
            "The policy “Ours” was changed: medical from 1 to 2.",
        ),
        (
            "role-confirmed",
            {"name": "Dr Bea", "superuser": "There were fewer than two medical leads."},
            "The signing details of “Dr Bea” were confirmed. A superuser confirmed them. "
            "There were fewer than two medical leads.",
        ),
        (
            "person-changed",
            {"name": "Dr Bea", "before": {"medical": True}, "after": {}},
            "The policy “Dr Bea” was deleted.",
        ),
        ("policy-changed", {"name": "Ours", "before": {}, "after": {"medical": 2}}, "The policy “Ours” was created."),
        (
            "reaffirmed",
            {"edition": 3, "completes": True},
            "Edition 3 was reviewed and signed again, unchanged. It now has all required signatures.",
        ),
        (
            "published",
            {"edition": 2, "emergency": {"reason": "A recall."}, "filing": {"slug": "scalp"}},
            "Edition 2 was published in an emergency at “scalp”. Reason: A recall.",
        ),
        ("withdrawn", {"temporary": True, "reason": "other"}, "Temporarily withheld from readers. Reason: other."),
        (
            "erased",
            {"digest": "sha-256:ab", "kind": "medical", "reason": "A court."},
            "A signed text (medical part) was erased by law. Its digest stays: sha-256:ab. Reason: A court.",
        ),
        ("notice-lifted", {"notice": "n", "reason": "Solved."}, "The safety notice was lifted. Reason: Solved."),
        (
            "scheduled",
            {"action": "publish", "instant": "2026-12-03T08:00:00.000000Z", "zone": "Europe/Berlin"},
            "Scheduled to be published on 3 December 2026, 08:00:00 UTC (entered in Europe/Berlin time).",
        ),
        (
            "scheduled",
            {"action": "withdraw", "instant": "2026-12-03T08:00:00.000000Z", "cancelled": True},
            "The schedule was cancelled: the article will not be withdrawn on 3 December 2026, 08:00:00 UTC.",
        ),
        ("refused", {"detail": "The image is gone."}, "Refused: The image is gone."),
        (
            "refiled",
            {"filing": {"slug": "scalp", "topics": [{"name": "Hair"}]}},
            "Refiled: the article is now at “scalp”, under Hair.",
        ),
    ],
)
def test_sentences_say_what_happened(kind, data, said):
    assert sentence(Line(kind, data)) == said


def test_a_line_without_a_name_was_written_by_vetted_itself():
    assert (actor_name({}), actor_name(None), actor_name({"user": 3, "name": "Ada"})) == (
        "Vetted (automatic)",
        "Vetted (automatic)",
        "Ada",
    )


def test_the_whole_way_of_an_article_stands_there_newest_first(editor, published):
    found = told(editor, published)

    said = [words for words, _ in found]
    order = [
        "Edition 1 was published",
        "Signed the medical part as medical reviewer",
        "Submitted for review.",
        "Created the draft.",
    ]
    places = [next(at for at, line in enumerate(said) if line.startswith(start)) for start in order[:3]]
    assert places == sorted(places)
    assert any("Dr Ada Reviewer · ledger" in who for _, who in found)
    assert all("UTC" in who for _, who in found)


def test_what_stands_beside_the_article_is_told_with_its_name(editor, published):
    said = words(editor, published)

    assert any(line.startswith("Offer “Consultation”: Edition 1 of the offer was published") for line in said)
    assert any(line.startswith("Disclaimer “General") for line in said)


def test_other_articles_are_not_told(editor, people, published, publish):
    other = publish(make_article(by=people.author))
    withdraw(page=ArticlePage.objects.get(pk=other.pk), reason="legal", by=people.editor)

    assert not any("Of the other" in line for line in words(editor, published))


def test_a_source_that_it_cites_and_a_notice_on_it_are_told(editor, published):
    source = published.body[1].value["items"][0]["citations"][0]["source"]
    write(
        EventKind.SOURCE_STATUS,
        published,
        {"status": "retracted", "was": "standing", "title": source.title},
        subject_kind=SubjectKind.SOURCE,
        subject=source.source_id,
    )
    write(EventKind.NOTICE_LIFTED, published, {"notice": str(uuid4()), "reason": "All is well."})

    said = words(editor, published)

    assert any(f"The source “{source.title}” now has the status “Retracted”" in line for line in said)
    assert any("The safety notice was lifted. Reason: All is well." in line for line in said)


def test_consecutive_saves_of_one_person_are_one_entry(editor, people):
    page = make_article(by=people.author)
    for number in range(4):
        draft = page.get_latest_revision_as_object()
        draft.summary = f"Text {number}."
        draft.save_revision(user=people.author, log_action=True)
    edit(page, by=people.editor, summary="By another hand.")
    page.get_latest_revision_as_object().save_revision(user=people.editor, log_action=True)

    said = words(editor, page)

    assert said[0] == "Edited the draft."
    assert said[1].startswith("Edited the draft: 4 saves, the first on")


def test_a_rename_and_a_comment_are_told_in_words(editor, people):
    page = make_article(by=people.author, title="Old name")
    log(page, "wagtail.rename", user=people.editor, data={"title": {"old": "Old name", "new": "New name"}})
    comment = Comment(
        page_id=page.pk,
        user=people.editor,
        text="Is this so?",
        contentpath="title",
        revision_created=page.latest_revision,
    )
    comment.save()
    comment.log_create(page_revision=page.latest_revision, user=people.editor)

    said = words(editor, page)

    assert "Renamed the article from “Old name” to “New name”." in said
    assert "Commented: “Is this so?”." in said


def test_what_reviewers_asked_declined_and_suggested_is_told(editor, people, submitted):
    now = timezone.now()
    about = {"subject_kind": "article", "subject": submitted.article_id, "role": Role.MEDICAL, "user": people.reviewer}
    ChangeRequest.objects.create(**about, reason="Name the dose.", at=now)
    Decline.objects.create(**about, reason="not-my-field", comment="Ask a nephrologist.", at=now)
    Suggestion.objects.create(
        article=submitted.article_id,
        section="s",
        before="cures",
        after="may help",
        user=people.reviewer,
        at=now,
        state="accepted",
        decided_by=people.editor,
        decided_at=now + timedelta(seconds=1),
    )
    OpenNeed.objects.update_or_create(
        subject_kind="article",
        subject=submitted.article_id,
        role=Role.MEDICAL,
        closed_at=None,
        defaults={"asked_at": now, "taker": people.reviewer, "taken_at": now},
    )

    said = words(editor, submitted)

    assert "Requested changes as medical reviewer: “Name the dose.”" in said
    assert "Declined to sign as medical reviewer: It is not my field. “Ask a nephrologist.”" in said
    assert "Suggested a change: “cures” → “may help”" in said
    assert "Closed a suggestion (accepted): “cures” → “may help”" in said
    assert "Took on the review as medical reviewer." in said


def test_digests_and_hashes_are_shown_to_who_wants_everything(editor, published):
    line = Event.objects.filter(subject=published.article_id, kind="published").get()

    brief, whole = (editor.get(url(published), asked).content.decode() for asked in ({}, {"everything": "1"}))

    assert line.hash not in brief
    assert line.hash in whole
    assert line.data["digests"]["medical"] in whole


def test_the_timeline_is_for_who_may_edit_or_read_the_article_on_the_sign_off_page(login, people, published, submitted):
    stranger, other = make_user("stranger", "Authors"), make_clinician("other", name="Dr Other")

    opened = {
        (who, where): login(user).get(url(page)).status_code == 200
        for who, user in {
            "stranger": stranger,
            "editor": people.editor,
            "signer": people.reviewer,
            "other": other,
        }.items()
        for where, page in {"published": published, "submitted": submitted}.items()
    }

    assert opened == {
        ("stranger", "published"): False,
        ("stranger", "submitted"): False,
        ("editor", "published"): True,
        ("editor", "submitted"): True,
        ("signer", "published"): True,
        ("signer", "submitted"): True,
        ("other", "published"): False,
        ("other", "submitted"): True,
    }


def test_the_timeline_has_a_button_in_the_editor(editor, published):
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[published.pk])).content.decode()

    assert url(published) in html


def test_a_long_history_has_pages(editor, people, published, monkeypatch):
    monkeypatch.setattr("articles.admin.evidence.timeline.ON_A_PAGE", 3)
    first, second = words(editor, published), words(editor, published, p=2)

    assert (len(first), len(second)) == (3, 3)
    assert first != second


def test_a_timeline_takes_few_queries_however_much_happened(editor, people, published, django_assert_max_num_queries):
    for number in range(20):
        write(EventKind.REFUSED, published, {"detail": f"Refusal {number}."})
        ChangeRequest.objects.create(
            subject_kind="article",
            subject=published.article_id,
            role=Role.MEDICAL,
            user=people.reviewer,
            reason="Mend.",
            at=timezone.now(),
        )
    editor.get(url(published))

    with django_assert_max_num_queries(60):
        editor.get(url(published))


def test_words_that_people_wrote_are_shown_as_words(editor, published):
    write(EventKind.REFUSED, published, {"detail": "<script>alert(1)</script>"})

    assert "<script>alert(1)</script>" not in editor.get(url(published)).content.decode()
