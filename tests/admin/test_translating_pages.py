"""Translating in the admin: the way there, the panel of a translation, the lists, and the letter to its owner."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from articles.authoring.models import ArticlePage
from articles.publishing.translating.translate import translate
from articles.review.mail import digests
from articles.review.models import LetterChoice, Mail, TranslationBase
from articles.review.translations import base_of
from cms.models import User
from tests.factories import edit, make_article, make_clinician, make_user, sign_and_publish, teach
from tests.hands import fresh
from tests.tasks import run_all

WORDS = "What helps a sore scalp."


@pytest.fixture
def german(published, people):
    """A published German translation, written by the author."""
    User.objects.filter(username="author").update(email="author@example.org")
    page = translate(page=fresh(published), language="de", by=User.objects.get(pk=people.author.pk))
    teach("de", people.editor, people.reviewer)
    page = edit(page, by=people.author, title="Entzündete Kopfhaut", summary="Was bei entzündeter Kopfhaut hilft.")
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    return fresh(page)


@pytest.fixture
def change(published, publish, people):
    """change() publishes another summary of the original."""
    return lambda words=WORDS: publish(edit(published, by=people.author, summary=words))


def address(name: str, page: ArticlePage) -> str:
    return reverse(name, args=[page.pk])


def panel(client, page: ArticlePage) -> str:
    return re.sub(r"\s+", " ", client.get(address("articles_panel", page)).content.decode())


def shown(html: str) -> dict[str, str]:
    """The hidden fields of the panel's button."""
    return dict(re.findall(r'name="(original|shown)" value="([^"]*)"', html))


def digest_letters(days: int = 0) -> list[str]:
    mail.outbox.clear()
    _, failures = digests.send_all(timezone.now() + timedelta(days=days))
    assert failures == []
    run_all()
    return [letter.body for letter in mail.outbox]


# The way there


def test_the_menu_of_an_article_leads_to_translate(published, login, people):
    url = address("articles_translate", published)

    editor = login(people.author).get(address("wagtailadmin_pages:edit", published)).content.decode()
    listing = login(people.author).get(address("wagtailadmin_explore", published.get_parent())).content.decode()
    folder = login(people.editor).get(address("wagtailadmin_pages:edit", published.get_parent())).content.decode()

    assert url in editor and url in listing and "/translate/" not in folder


def test_a_click_on_a_language_makes_the_draft_and_opens_it(published, login, people):
    client = login(people.author)
    page = client.get(address("articles_translate", published)).content.decode()

    answer = client.post(address("articles_translate", published), {"language": "es"}, follow=True)

    assert (
        "Translate into German" in page and "Translate into Spanish" in page and "edition 1, which readers get" in page
    )
    made = ArticlePage.objects.get(translation_key=published.translation_key, locale__language_code="es")
    assert answer.redirect_chain[-1][0] == address("wagtailadmin_pages:edit", made)
    said = answer.content.decode()
    assert "This is a draft in Spanish, with the words of the original. Translate the title" in said
    told = panel(client, made)
    assert "Still to translate" in told and "Translated from edition 1 on" in told


def test_a_second_click_opens_what_the_first_one_made(german, published, login, people):
    answer = login(people.author).post(address("articles_translate", published), {"language": "de"})

    assert answer.url == address("wagtailadmin_pages:edit", german)


def test_every_language_is_there(german, published, login, people):
    client = login(people.author)
    client.post(address("articles_translate", published), {"language": "es"})

    page = client.get(address("articles_translate", published)).content.decode()

    assert "The article is there in every language of this site: English, Spanish, German." in page
    assert "Entzündete Kopfhaut" in page and "Edition 1, published on" in page


def test_what_is_refused_is_said_and_nothing_is_made(published, login, people):
    answer = login(people.author).post(address("articles_translate", published), {"language": "xx"}, follow=True)

    assert "“xx” is not a language of this site" in answer.content.decode()
    assert ArticlePage.objects.filter(translation_key=published.translation_key).count() == 1


def test_clinicians_and_those_who_may_not_read_the_draft_do_not_translate(published, people, login):
    draft = make_article(by=people.author)

    assert login(people.reviewer).get(address("articles_translate", published)).status_code == 302
    assert login(make_user("another", "Authors")).post(address("articles_translate", draft)).status_code == 302
    assert "/translate/" not in login(people.reviewer).get(address("wagtailadmin_explore", published)).content.decode()


# The panel


def test_the_panel_names_the_original_and_marks_what_changed_there(german, published, change, login, people):
    client = login(people.author)
    assert "The original has not changed since." in panel(client, german)

    change()
    said = panel(client, german)

    assert f'<a href="{address("wagtailadmin_pages:edit", published)}">{published.title}</a> (English)' in said
    assert "Translated from edition 1 on" in said and "by author." in said
    assert '<a href="#panel-child-article-summary-section">Summary</a>' in said and "(changed)" in said
    assert "<ins>a sore</ins>" in said and "Mark as up to date with edition 2" in said
    assert "<strong>Outdated.</strong>" in said


def test_the_panel_of_the_original_lists_its_translations(german, published, change, login, people):
    change()

    said = panel(login(people.author), published)

    assert f'<a href="{address("wagtailadmin_pages:edit", german)}">Entzündete Kopfhaut</a>' in said
    assert "outdated)" in said and "This is a translation of" not in said


def test_an_article_in_one_language_has_no_such_part(published, login, people):
    said = panel(login(people.author), published)

    assert "Original</h2>" not in said and "Translations</h2>" not in said


def test_the_button_marks_it_and_answers_with_the_panel(german, change, login, people):
    change()
    client = login(people.author)
    given = shown(panel(client, german))

    answer = client.post(address("articles_up_to_date", german), given, headers={"X-Requested-With": "XMLHttpRequest"})
    without_script = client.post(address("articles_up_to_date", german), given)

    said = answer.content.decode()
    assert "Marked as up to date with edition 2 on" in said and "Mark as up to date with" not in said
    assert without_script.url == address("wagtailadmin_pages:edit", german)
    assert base_of(german.article_id).edition == 2
    assert (
        german.get_parent()
        and "Marked as up to date with the original"
        in client.get(address("wagtailadmin_pages:history", german)).content.decode()
    )


def test_a_button_that_comes_too_late_says_so(german, change, login, people):
    client = login(people.author)
    change()
    given = shown(panel(client, german))
    change("A third summary.")

    answer = client.post(address("articles_up_to_date", german), given, headers={"X-Requested-With": "XMLHttpRequest"})

    assert "The original has changed meanwhile." in answer.content.decode()
    assert base_of(german.article_id).edition == 1


def test_only_people_who_may_edit_the_translation_mark_it(german, published, change, login, people):
    change()
    given = {"original": published.pk, "shown": "forged"}

    for user in (people.reviewer, make_user("another", "Authors")):
        assert login(user).post(address("articles_up_to_date", german), given).status_code == 302
    assert login(people.author).post(address("articles_up_to_date", german), {"original": "x"}).status_code == 404

    assert base_of(german.article_id).edition == 1


def test_a_translation_of_which_nothing_is_recorded_can_be_marked(german, login, people):
    TranslationBase.objects.all().delete()
    client = login(people.author)

    said = panel(client, german)
    client.post(address("articles_up_to_date", german), shown(said))

    assert "Nothing says which text this translation is up to date with" in said
    assert base_of(german.article_id).edition == 1


def test_a_draft_that_the_person_may_not_read_is_neither_named_nor_shown(people, login):
    page = make_article(by=people.editor, title="A hidden title", summary="A hidden summary.")
    made = translate(page=fresh(page), language="de", by=User.objects.get(pk=people.editor.pk))
    ArticlePage.objects.filter(pk=made.pk).update(owner=people.author)

    said = panel(login(people.author), made)

    assert "hidden" not in said and "You may not read its draft" in said


# The lists


def test_the_owner_finds_it_on_the_start_page_and_everyone_in_the_list_of_articles(german, change, login, people):
    before = login(people.author).get(reverse("wagtailadmin_home")).content.decode()
    change()

    home = login(people.author).get(reverse("wagtailadmin_home")).content.decode()
    whole = login(people.author).get(reverse("articles_list_outdated_translations")).content.decode()
    others = login(people.editor).get(reverse("wagtailadmin_home")).content.decode()
    listed = login(people.editor).get(reverse("articles_list"), {"status": "outdated-translation"}).content.decode()

    assert "Outdated translations" not in before and "Outdated translations" not in others
    for page in (home, whole):
        assert "Outdated translations" in page and "Entzündete Kopfhaut" in page
    assert "Entzündete Kopfhaut" in listed and "Outdated translation" in listed
    assert "Scalp inflammation" not in re.sub(r"<option.*?</option>", "", listed)


# The letter


def test_its_owner_hears_of_it_in_the_daily_digest_with_what_the_original_says(german, published, change):
    Mail.objects.all().delete()
    change()

    [letter] = digest_letters()

    assert "The original has changed: Entzündete Kopfhaut" in letter
    assert f"Edition 2 of “{published.title}” changes what the original says: Change" in letter
    assert address("wagtailadmin_pages:edit", german) in letter


@pytest.mark.parametrize(
    "language, words", [("es", "El original ha cambiado"), ("de", "Das Original hat sich geändert")]
)
def test_the_letter_is_in_the_language_of_its_reader(german, change, people, language, words):
    UserProfile.get_for_user(people.author)
    UserProfile.objects.filter(user=people.author).update(preferred_language=language)
    change()

    assert words in "".join(digest_letters())


def test_the_letter_is_left_out_once_the_translation_has_a_new_edition_or_for_those_who_do_not_want_it(
    german, change, people
):
    change()
    page = edit(german, by=people.author, summary="Was bei wunder Kopfhaut hilft.")
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    assert "The original has changed" not in "".join(digest_letters())
    assert Mail.objects.get(kind="outdated").failure == digests.UP_TO_DATE

    LetterChoice.objects.create(user=people.author, unwanted=["translations"])
    change("A third summary.")
    assert "The original has changed" not in "".join(digest_letters(days=1))
    assert Mail.objects.filter(kind="outdated").last().failure == digests.UNWANTED


def test_an_edition_of_the_translation_writes_nothing_to_the_owner_of_the_original(german, people):
    make_clinician("second", name="Dr Second Reviewer")
    page = edit(german, by=people.author, summary="Was bei wunder Kopfhaut hilft.")

    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)

    assert not Mail.objects.filter(kind="outdated").exists()
