"""Refiling changes where readers find an article, at once: never to under a policy that what they get does not meet."""

import unicodedata

import pytest

from articles.authoring.models import ArticleTopic
from articles.errors import SlugTaken
from articles.publishing.refile import CannotRefile, refile
from articles.publishing.void import void
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from tests.factories import edit, make_article, make_clinician, make_topic, make_user, sign_as
from tests.hands import fresh
from tests.pipeline.reading import get, stored, verified

MEDICAL = {"kind": "medical", "editor": 1, "medical": 1}
PRESENTATION = {"kind": "presentation", "editor": 1}


@pytest.fixture
def topic(db):
    return make_topic()


def policy(topic, **given) -> Policy:
    made = Policy.objects.create(name="Of the topic", **given)
    made.topics.add(topic)
    return made


def file_under(page, by, *topics, slug="moved") -> None:
    refile(page=fresh(page), slug=slug, topics=topics, by=by)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (MEDICAL | {"interval_months": 3}, "a review every 3 months, not 36"),
        (MEDICAL | {"grace_days": 0}, "0 days of grace, not 90"),
        (MEDICAL | {"after_grace": "withhold"}, "after that “Withhold the article”"),
        (MEDICAL | {"medical": 2}, "more signatures on the medical part"),
        (MEDICAL | {"specialty": "Surgery"}, "more signatures on the medical part"),
        (PRESENTATION | {"commercial": 1}, "more signatures on the presentation part"),
        (PRESENTATION | {"editor": 2}, "more signatures on the presentation part"),
    ],
)
def test_a_topic_that_comes_with_a_stricter_policy_is_refused(published, people, topic, given, said):
    policy(topic, **given)

    with pytest.raises(CannotRefile, match=said) as refusal:
        file_under(published, people.editor, topic)

    assert "“Of the topic”" in refusal.value.detail and "Set the topics in the draft" in refusal.value.detail
    assert stored(published)["topics"] == [] and stored(published)["slug"] == published.slug


@pytest.mark.parametrize("given", [MEDICAL, MEDICAL | {"interval_months": 60, "grace_days": 365}, PRESENTATION])
def test_a_policy_that_asks_for_nothing_more_comes_with_its_topic(published, people, topic, given):
    policy(topic, **given)

    file_under(published, people.editor, topic)

    assert stored(published)["topics"] == [{"slug": topic.slug, "name": topic.name}]
    verified()


def test_signed_under_the_topics_in_the_draft_it_is_filed(published, people, topic):
    policy(topic, **PRESENTATION, commercial=1)
    draft = edit(published, by=people.author, topics=[ArticleTopic(topic=topic, sort_order=0)])
    sign_as(
        draft,
        make_clinician("seller", name="A seller", medical=False, commercial=True),
        Role.COMMERCIAL,
        "presentation",
    )

    file_under(published, people.editor, topic)

    assert stored(published)["topics"] == [{"slug": topic.slug, "name": topic.name}]


def test_published_under_the_topics_in_the_draft_it_stands_under_their_terms(published, people, publish, topic):
    policy(topic, **MEDICAL, interval_months=3, after_grace="withhold")
    filed = {"topics": [ArticleTopic(topic=topic, sort_order=0)], "summary": "Other words."}

    publish(edit(published, by=people.author, **filed))

    row = Publication.objects.get(article=published.article_id)
    assert row.filing["topics"] and row.after_grace == "withhold"
    file_under(published, people.editor, topic, slug="another-address")
    assert stored(published)["slug"] == "another-address"


def test_a_voided_signature_satisfies_no_policy_of_a_topic(published, people, topic):
    policy(topic, **PRESENTATION)
    void(
        signoff=SignOff.objects.get(subject=published.article_id, part="presentation"),
        reason="Not hers.",
        by=make_user("lead", "Medical leads"),
    )

    with pytest.raises(CannotRefile, match="more signatures on the presentation part"):
        file_under(published, people.editor, topic)


def test_a_policy_that_grew_stricter_since_stops_no_other_address(people, publish, topic):
    grown = policy(topic, **MEDICAL)
    page = publish(make_article(by=people.author, topics=[topic]))
    Policy.objects.filter(pk=grown.pk).update(interval_months=3)

    file_under(page, people.editor, topic)

    assert stored(page)["slug"] == "moved"


@pytest.mark.parametrize("slug", ["", "two words", "a/b", "a?b", "x" * 256, "../admin"])
def test_an_address_that_is_none_is_refused(published, people, slug):
    with pytest.raises(CannotRefile, match="letters, digits, hyphens"):
        file_under(published, people.editor, slug=slug)

    assert stored(published)["slug"] == published.slug


def test_an_address_may_be_of_any_alphabet_as_in_the_editor(published, people):
    file_under(published, people.editor, slug="кожа-головы")

    assert stored(published)["slug"] == "кожа-головы" and get(published).status_code == 200


@pytest.mark.parametrize("form", [str.upper, str.title, lambda slug: unicodedata.normalize("NFD", slug)])
@pytest.mark.parametrize("taken", ["peau-sèche", "an-old-address"])
def test_another_form_of_an_address_is_taken_too(published, people, publish, form, taken):
    other = publish(make_article(by=people.author, slug="an-old-address"))
    file_under(other, people.editor, slug="peau-sèche")

    with pytest.raises(SlugTaken):
        file_under(published, people.editor, slug=form(taken))


def test_an_address_is_filed_in_its_one_form(published, people):
    file_under(published, people.editor, slug="Peau-SÈCHE")

    assert (stored(published)["slug"], fresh(published).slug) == ("peau-sèche", "peau-sèche")


def test_an_address_of_a_draft_is_taken(published, people):
    other = make_article(by=people.author)

    with pytest.raises(SlugTaken):
        file_under(published, people.editor, slug=other.slug)
