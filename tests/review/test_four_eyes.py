"""Nobody signs a part that they helped to change: each way to help, and what is none."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.log_actions import LogContext

from articles.authoring.models import ArticleAuthor, ArticleDisclaimer, RelatedArticle
from articles.authoring.people import Person
from articles.record.models import Document, Edition
from articles.record.vocabulary import Role
from articles.review import four_eyes
from articles.review.four_eyes import contributors
from articles.review.logins import with_other_logins
from articles.review.models import Contribution, WrittenPiece
from articles.review.opening import load, load_current
from articles.review.policies.recorded import recorded
from articles.review.submit import submit
from cms.models import User
from tests.factories import (
    block,
    citation,
    edit,
    give_login,
    make_article,
    make_disclaimer,
    make_image,
    make_offer,
    make_on_call,
    make_source,
    make_user,
    publish_at_once,
    sign_as,
)
from tests.hands import amend, fresh, words_of

PARTS = ("medical", "presentation")
DOSE = "Take twice the dose."


def named(keys) -> set[str]:
    return set(User.objects.filter(pk__in=keys).values_list("username", flat=True))


def hands(target, part="medical") -> set[str]:
    """Logins of those who may not sign it."""
    return named(contributors(load(fresh(target)), part))


def both(target) -> list[set[str]]:
    return [hands(target, part) for part in PARTS]


def save_as(user, row, **fields):
    with LogContext(user=user):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return row


def citing(page, source) -> list[dict]:
    """The page's body, with one more cause that cites the source."""
    item = {"name": "Dry air", "text": "It dries the skin.", "codes": [], "citations": [citation(source)]}
    return [*words_of(page), block("causes", heading="Also", items=[item])]


def byline(person) -> list:
    return [ArticleAuthor(person=person, sort_order=0)]


def make_small(by, **fields):
    """One section, and a source that is listed."""
    listed = block("sources", heading="Sources", items=[])
    listed["value"]["items"] = [{"type": "item", "id": "listed", "value": make_source().pk}]
    body = [block("introduction", text="<p>An itchy scalp is common.</p>"), listed]
    return make_article(by=by, article_type="explainer", body=body, **fields)


@pytest.fixture
def other(db):
    return make_user("other", "Editors")


@pytest.fixture
def third(db):
    return make_user("third", "Editors", "Medical leads")


@pytest.fixture
def small(people, publish):
    """A published article of one section, by the author."""
    return publish(make_small(people.author))


@pytest.fixture
def republish(people, other):
    """republish(page) publishes it on signatures of others than the editor; the author goes on with both parts."""

    def again(page):
        page = edit(page, by=people.author, title="Another title", authors=byline(Person.objects.create(name="B.")))
        submit(page=page, by=people.author)
        sign_as(page, other, Role.EDITOR)
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
        page = edit(page, by=people.author, summary="New.", authors=byline(Person.objects.create(name="C.")))
        assert both(page) == [{"author"}, {"author"}]
        return page

    return again


# Holes that were known


@pytest.mark.parametrize("what", ["source", "image", "person"])
def test_what_was_changed_before_the_last_edition_counts_where_it_is_first_named_after_it(
    people, small, republish, third, what
):
    row = {"source": make_source, "image": make_image, "person": lambda: Person.objects.create(name="A.")}[what]()
    save_as(third, row, **{"source": {"title": DOSE}, "image": {"alt": DOSE}, "person": {"credentials": DOSE}}[what])
    page = republish(small)
    match what:
        case "source":
            page = amend(page, people.author, body=citing(page, row))
        case "image":
            page = amend(page, people.author, hero=row)
        case "person":
            page = amend(page, people.author, authors=byline(row))

    assert (
        both(page)
        == {
            "source": [{"author", "third"}, {"author"}],
            "image": [{"author", "third"}, {"author", "third"}],
            "person": [{"author"}, {"author", "third"}],
        }[what]
    )


def test_a_text_that_comes_back_by_a_revert_is_its_writers(people, publish, republish):
    page = publish(make_small(people.author, sponsorship="Paid for by a company that makes shampoo."))
    page = amend(page, people.editor, sponsorship="")
    own = page.get_latest_revision()
    page = republish(amend(page, people.author, sponsorship="Paid for by a company."))
    own.as_object().save_revision(user=people.author)

    assert hands(page) == {"author", "editor"}


def test_a_revert_is_known_again_when_a_source_has_changed_meanwhile(people, small, republish):
    source = make_source()
    page = amend(small, people.editor, body=citing(small, source))
    own = page.get_latest_revision()
    page = republish(amend(page, people.author, body=words_of(page)[:-1]))
    source.pages = "12"
    source.save()
    own.as_object().save_revision(user=people.author)

    assert hands(page) == {"author", "editor"}


def test_a_note_to_readers_that_comes_back_is_its_writers(people, small, republish):
    page = amend(small, people.editor, change_note="Adds the trial.")
    page = republish(amend(page, people.author, change_note="Says it otherwise."))
    page = amend(page, people.author, summary="Said anew.", change_note="It adds the trial.")
    assert both(page) == [{"author"}, {"author"}]

    assert both(amend(page, people.author, change_note="Adds “the trial”")) == [{"author", "editor"}, {"author"}]


@pytest.mark.parametrize("proposed", ["is_correction", "is_editorial"])
def test_who_proposes_what_readers_are_told_counts_until_the_next_edition(people, small, republish, proposed):
    page = amend(small, people.editor, **{proposed: True})
    assert hands(page) == {"author"}
    page = amend(page, people.author, summary="Said anew.")
    assert both(page) == [{"author", "editor"}, {"author"}]
    page = republish(amend(page, people.author, **{proposed: False}))

    assert hands(amend(page, people.author, **{proposed: True})) == {"author"}


def test_the_note_of_another_article_is_no_contribution_to_this_one(people, publish, small):
    page = amend(small, people.author, summary="Said anew.", change_note="Says it otherwise.")
    amend(publish(make_small(people.author)), people.editor, change_note="Adds the trial.")

    assert both(page) == [{"author"}, {"author"}]


def move_to(user, address):
    with recorded(user, by=None):
        user.email = address
        user.save()


def test_two_logins_that_ever_had_one_mail_address_are_one_person(people, other, third):
    move_to(people.editor, "Jane.Doe@example.org")
    move_to(people.editor, "jane@example.org")
    for user, address in ((other, "jane.doe@EXAMPLE.org"), (third, "joe@example.org")):
        user.email = address
        user.save()

    assert hands(make_small(people.editor)) == {"editor", "other"}


def test_a_login_made_anew_is_known_by_the_links_in_between(people, other, third):
    """The person had the first login and has the second; the third has the address that the second one had."""
    give_login(people.reviewer.person, other)
    move_to(other, "ada@example.org")
    move_to(other, "")
    move_to(third, "ADA@example.org")

    assert with_other_logins({people.reviewer.pk}) == {people.reviewer.pk, other.pk, third.pk}


# Since the last complete edition with another text


def test_who_changed_a_part_counts_for_that_part(people, small, other):
    page = amend(small, people.editor, summary="Said anew.", change_note="Says it otherwise.")
    page = amend(page, other, related=[RelatedArticle(article=make_small(people.author), sort_order=0)])

    assert both(page) == [{"editor"}, {"other"}]


def test_what_readers_get_is_of_who_wrote_it_since_the_edition_before(people, small, republish):
    assert both(small) == [{"author"}, {"author"}]
    page = amend(republish(small), people.editor, summary="Of the next edition.")

    assert named(contributors(load_current(fresh(page)), "medical")) == {"author"}
    assert named(contributors(load_current(fresh(page)), "presentation")) == {"author"}


def test_writers_of_before_the_last_edition_are_free_again(people, small, republish, other):
    page = amend(small, people.editor, summary="Said anew.")
    page = amend(republish(page), other, title="A third title")

    assert hands(page) == {"author", "other"}


@pytest.mark.parametrize("moved", [{"revision": 0}, {"at": "2020-01-01T00:00:00Z"}])
def test_it_counts_by_number_or_by_time(people, small, moved):
    page = amend(small, people.editor, summary="Said anew.")
    WrittenPiece.objects.all().delete()
    Contribution.objects.filter(user_key=people.editor.pk).update(**moved)

    assert hands(page) == {"editor"}


def test_writers_of_an_emergencys_text_count_until_it_is_complete(people, small):
    page = amend(small, people.editor, title="At once", change_note="A recall.")
    publish_at_once(page, make_on_call())

    assert hands(amend(page, people.author, summary="Said anew.")) == {"author", "editor"}


def test_a_text_that_cannot_be_rendered_is_a_change_of_both_parts(people, small, other):
    broken = amend(small, people.editor, title="Two\u202elines")
    amend(broken, other, title="Two\u202elines")
    page = amend(small, people.author, title="One line")

    assert both(page) == [{"author", "editor", "other"}, {"author", "editor", "other"}]


def test_a_block_that_is_not_known_here_is_a_change_of_both_parts(people, small):
    revision = small.get_latest_revision()
    revision.content = revision.content | {"body": '[{"type": "of_tomorrow", "id": "x", "value": {}}]'}
    four_eyes.note_article(revision, users=[people.editor.pk])

    assert both(small) == [{"author", "editor"}, {"author", "editor"}]


def test_saving_the_same_again_is_no_contribution_and_costs_two_queries(people, small, django_assert_num_queries):
    revision = small.get_latest_revision()
    with django_assert_num_queries(3):  # the language, and what the last contributions left
        four_eyes.note_article(revision, users=[people.editor.pk])

    assert not Contribution.objects.filter(user_key=people.editor.pk).exists()


def test_what_the_system_saves_does_not_hide_who_saves_it_next(people, small):
    page = amend(small, None, summary="By a command.")
    assert Contribution.objects.filter(user_key=None, part="medical", subject=str(page.article_id)).count() == 1
    page = amend(page, people.editor, summary="By an editor.")

    assert hands(page) == {"editor"}


# What is printed of sources, images and people


def test_a_source_counts_since_the_edition_that_prints_it(people, publish, other, third):
    source = save_as(third, make_source(), title="As it was printed")
    page = publish(make_article(by=people.author, body=citing(make_small(people.author), source)))
    page = amend(page, people.author, summary="Said anew.")
    assert hands(page) == {"author"}
    save_as(other, source, pages="12-14")
    save_as(people.editor, source, status="retracted")

    assert both(page) == [{"author", "other"}, {"author"}]


def test_a_change_after_the_edition_is_none_of_the_edition(people, publish, other):
    source = make_source()
    page = publish(make_article(by=people.author, body=citing(make_small(people.author), source)))
    save_as(other, source, pages="12-14")

    assert named(contributors(load_current(fresh(page)), "medical")) == {"author"}


def test_a_change_of_what_is_no_longer_printed_is_none(people, publish, other):
    source = make_source()
    page = publish(make_article(by=people.author, body=citing(make_small(people.author), source)))
    page = amend(page, people.author, body=words_of(make_small(people.author)))
    save_as(other, source, pages="12-14")

    assert hands(page) == {"author"}


def test_what_was_printed_before_the_edition_counts_where_that_is_signed_again(people, publish, third):
    source = save_as(third, make_source(), title="As it was printed")
    page = publish(make_article(by=people.author, body=citing(make_small(people.author), source)))
    amend(page, people.author, summary="Said anew.")

    assert named(contributors(load_current(fresh(page)), "medical")) == {"author", "third"}


@pytest.mark.parametrize("field", ["alt", "credit", "focal_point_x"])
def test_what_is_printed_of_an_image_counts_for_both_parts(people, other, field):
    image = make_image(focal_point_x=1, focal_point_y=1, focal_point_width=1, focal_point_height=1)
    page = make_small(people.author, hero=image)
    save_as(people.editor, image, licence="bought")
    assert both(page) == [{"author"}, {"author"}]
    save_as(other, image, **{field: 7 if field == "focal_point_x" else DOSE})

    assert both(page) == [{"author", "other"}, {"author", "other"}]


def test_who_uploads_an_image_counts(people, other):
    image = make_image(uploaded_by_user=other)

    assert hands(make_small(people.author, hero=image)) == {"author", "other"}


def test_an_image_that_both_editions_show_is_of_nobody(people, publish, other):
    page = publish(make_small(people.author, hero=make_image(uploaded_by_user=other)))
    page = amend(page, people.author, authors=byline(Person.objects.create(name="B.")))

    assert hands(page, "presentation") == {"author"}


@pytest.mark.parametrize("what", ["source", "image", "person", "offer", "disclaimer", "article"])
def test_who_deletes_what_the_text_prints_counts(people, third, what):
    printed = {
        "source": make_source(),
        "image": make_image(),
        "person": Person.objects.create(name="A."),
        "offer": make_offer(),
        "disclaimer": make_disclaimer(),
        "article": make_small(people.author),
    }
    body = [block("cta", text="<p>Questions?</p>", purposes=["consultation"], offer=printed["offer"].pk)]
    page = make_article(by=people.author, hero=printed["image"], authors=byline(printed["person"]), body=body)
    beside = {
        "related": [RelatedArticle(article=printed["article"], sort_order=0)],
        "disclaimers": [ArticleDisclaimer(disclaimer=printed["disclaimer"], sort_order=0)],
    }
    page = amend(page, people.author, body=citing(page, printed["source"]), **beside)
    unnamed = make_small(people.author)
    with LogContext(user=third):
        printed[what].delete()

    is_medical, is_presented = what in ("source", "image"), what != "source"
    assert ["third" in found for found in both(page)] == [is_medical, is_presented]
    assert both(unnamed) == [{"author"}, {"author"}]


def test_a_deletion_before_the_edition_is_past(people, small, republish, third):
    source = make_source()
    page = amend(small, people.author, body=citing(small, source))
    with LogContext(user=third):
        source.delete()
    assert hands(page) == {"author", "third"}
    page = amend(page, people.author, body=words_of(page)[:-1])

    assert hands(page) == {"author", "third"}
    assert hands(amend(republish(page), people.author, summary="Said anew.")) == {"author"}


def test_a_signed_text_that_the_law_had_erased_prints_nothing(db):
    digest = f"sha-256:{'0' * 64}"
    Document.objects.create(digest=digest, kind="medical", format=1, content=b"", stored_at=timezone.now())

    assert four_eyes._signed_values(Edition(digests={"medical": digest})) == {}


# Pieces that come back


@pytest.mark.parametrize(
    ("fields", "again"),
    [
        ({"summary": "A summary, of the editor's."}, {"summary": "a summary of the EDITOR’S"}),
        ({"audience": "clinician"}, {"audience": "clinician"}),
        ({"sponsorship": "Café & Co."}, {"sponsorship": "Cafe and Co"}),
    ],
)
def test_a_field_that_comes_back_is_its_writers_whatever_its_punctuation(people, small, republish, fields, again):
    said = {name: getattr(small, name) for name in fields}
    page = republish(amend(amend(small, people.editor, **fields), people.author, **said))
    is_same = "and" not in str(again)

    assert hands(amend(page, people.author, **again)) == {"author"} | ({"editor"} if is_same else set())


def test_who_worked_on_it_with_the_writer_comes_back_too(people, small, republish, third):
    page = amend(small, third, summary="Begun by the third one.")
    page = amend(page, people.editor, summary="Begun by the third one, and ended by the editor.")
    page = republish(amend(page, people.author, summary="Something else."))
    page = amend(page, people.author, summary="Begun by the third one and ended by the editor")

    assert hands(page) == {"author", "editor", "third"}


def test_who_worked_on_it_counts_although_another_article_was_published_meanwhile(people, small, republish, third):
    page = amend(small, third, summary="Begun by the third one.")
    elsewhere = republish(make_small(people.author))
    republish(amend(elsewhere, people.author, summary="A second edition, with a higher number than this one's."))
    page = amend(page, people.editor, summary="Begun by the third one, and ended by the editor.")
    page = republish(amend(page, people.author, summary="Something else."))
    page = amend(page, people.author, summary="Begun by the third one and ended by the editor")

    assert hands(page) == {"author", "editor", "third"}


def test_what_an_edition_said_comes_back_as_nobodys(people, small, republish, third):
    said = small.summary
    page = republish(amend(small, people.editor, related=[]))
    page = amend(amend(page, third, summary="A slip."), people.author, summary=said)

    assert hands(page) == {"third", "author"}


def test_a_piece_of_one_part_is_none_of_the_other(people, small, republish):
    image = make_image()
    page = republish(amend(amend(small, people.editor, hero=image), people.author, hero=None))
    page = amend(page, people.author, hero=image)

    assert both(page) == [{"author", "editor"}, {"author", "editor"}]
    assert both(amend(page, people.author, hero=None)) == [{"author"}, {"author"}]


# Copies


def test_a_copy_is_of_all_who_wrote_the_original_but_not_the_other_way_round(people, republish, other, third):
    page = republish(make_small(people.editor))
    page = amend(page, other, title="Since the edition")
    copier = make_user("copier", "Editors")
    copy = make_article(by=copier, body=words_of(page))
    page = amend(page, third, title="After the copy")

    assert both(copy) == [{"copier", "editor", "author", "other"}, {"copier", "editor", "author"}]
    assert hands(page) == {"author", "other", "third"}
    assert hands(amend(copy, third, title="The copy goes on")) == {"copier", "editor", "author", "other", "third"}


def test_a_section_that_is_taken_over_later_brings_its_writers(people):
    page, copy = make_small(people.editor), make_small(people.author)
    copy = amend(copy, people.author, body=[*words_of(copy), *words_of(page)])

    assert hands(copy) == {"author", "editor"}


def test_short_ids_of_sections_are_no_sign_of_a_copy(people):
    body = [block("introduction", text="<p>An itchy scalp.</p>") | {"id": "b0"}]
    make_article(by=people.editor, body=body)

    assert hands(make_article(by=people.author, body=body)) == {"author"}


# Components


@pytest.mark.parametrize("make", [make_offer, make_disclaimer])
def test_a_component_is_of_who_saved_it_and_of_whom_its_revision_names(people, other, make):
    component = make(by=people.author)
    save_as(other, component, text="<p>Other words.</p>")
    component.save_revision(user=people.editor)
    assert hands(component, component.subject_kind) == {"author", "other"}
    component.text = "<p>The editor's words.</p>"
    component.save()
    component.save_revision(user=people.editor)

    assert hands(component, component.subject_kind) == {"author", "other", "editor"}


def test_a_component_that_cannot_be_rendered_counts_too(people, other):
    offer = make_offer(by=people.author)
    target = offer.target
    save_as(other, offer, target="javascript:alert(1)")
    save_as(people.author, offer, target=target)

    assert hands(offer, "offer") == {"author", "other"}


# What it costs


def test_noting_a_change_asks_six_queries_beside_gathering(people, small, django_assert_num_queries):
    revision = small.get_latest_revision()
    revision.content = revision.content | {"summary": "Said anew."}
    with django_assert_num_queries(8):
        four_eyes.note_article(revision, users=[people.editor.pk])


def test_asking_who_may_not_sign_costs_at_most_four_queries(people, small, django_assert_max_num_queries):
    page = edit(small, by=people.author, summary="Said anew.")
    review = load(page)
    assert review.links is not None and review.change["note"]
    with django_assert_max_num_queries(4):
        found = contributors(review, "medical")

    assert named(found) == {"author"}


# By what a text is known again


def test_marks_are_of_letters_and_digits_in_any_form():
    said = {"_type": "block", "children": [{"text": "It’s ", "marks": []}, {"text": "RÉD: 10.", "marks": []}]}
    same = {"_type": "x", "children": [{"text": "its red 1", "marks": ["em"]}, {"text": "0", "id": "b"}]}

    assert four_eyes._letters(said) == four_eyes._letters(same) == "itsred10"
    assert four_eyes._letters({"sample_size": 12, "row": True}) == "true12"


def test_a_mark_says_in_which_field_it_stands():
    assert four_eyes._marks("medical", {"medical": {"title": "Itch"}}).isdisjoint(
        four_eyes._marks("medical", {"medical": {"summary": "Itch"}})
    )
    assert four_eyes._marks("medical", {"medical": {"title": "?!"}, "presentation": {"a": "b"}}) == set()


def test_contributions_are_written_at_the_time_of_the_save(people):
    page = make_small(people.author)
    row = Contribution.objects.filter(subject=str(page.article_id)).latest("pk")

    assert timezone.now() - row.at < timedelta(minutes=1)
    assert row.revision == page.latest_revision_id


def test_one_section_that_comes_back_is_its_writers(people, small, republish, third):
    """Beside other sections, and in another place than before."""
    section = block("prose", aspect="other", heading="Dose", text=f"<p>{DOSE}</p>")
    before = words_of(small)
    page = amend(small, third, body=[*before, section])
    page = republish(amend(page, people.author, body=before))
    assert "third" not in hands(page)

    page = amend(page, people.author, body=[section, *before], change_note="Says the dose.")

    assert "third" in hands(page)


@pytest.mark.parametrize(
    "key", ["id", "_type", "_key", "style", "marks", "listItem", "number", "reference", "references"]
)
def test_formatting_and_numbering_are_no_letters_of_a_text(key):
    """So that a text is known again as another head, in another list, or with other numbers of its sources."""
    assert four_eyes._letters({"text": DOSE, key: "h3"}) == four_eyes._letters({"text": DOSE})
