"""One's own account: the password, changed by who knows the old one, and what the daily summary leaves out."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.errors import NotAuthenticated
from articles.record.vocabulary import LetterTopic
from articles.review.models import LetterChoice
from articles.review.signing import authentication
from tests.factories import PASSWORD

URL = reverse("wagtailadmin_account")
NEW = "another long passphrase"
OTHERS = {
    "name_email-first_name": "A",
    "name_email-last_name": "B",
    "locale-preferred_language": "",
    "locale-current_time_zone": "",
    "theme-theme": "system",
    "theme-contrast": "system",
    "theme-density": "default",
}


def posted(old: str) -> dict[str, str]:
    return OTHERS | {"password-old_password": old, "password-new_password1": NEW, "password-new_password2": NEW}


@pytest.fixture
def reviewer(people, login):
    """A clinician who is logged in, and stays so on the client."""
    login(people.reviewer)
    return people.reviewer


def test_who_knows_the_old_password_sets_a_new_one_and_stays_logged_in(client, reviewer):
    answer = client.post(URL, posted(PASSWORD))

    reviewer.refresh_from_db()
    assert answer.status_code == 302 and reviewer.check_password(NEW)
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize(("days", "is_kept"), [(-1, False), (0, True), (9, True)])
def test_who_goes_away_says_until_when_and_the_start_page_tells(client, reviewer, days, is_kept):
    until = timezone.now().date() + timedelta(days=days)

    answer = client.post(URL, OTHERS | {"away-until": until.isoformat()})

    assert ("Enter today or a later day" in answer.content.decode()) != is_kept
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (f"You are away until {until:%-d %B %Y}" in home) == is_kept


def test_a_day_that_has_passed_does_not_stop_other_changes(client, reviewer):
    person = reviewer.person
    person.away_until = timezone.now().date() - timedelta(days=3)
    person.save()

    answer = client.post(URL, OTHERS | {"away-until": person.away_until.isoformat()})

    reviewer.refresh_from_db()
    assert answer.status_code == 302 and reviewer.first_name == "A"


def test_browsers_know_every_time_zone_that_is_offered(client, reviewer):
    offered = set(re.findall(r'<option value="([^"]+)"', client.get(URL).content.decode()))

    assert "Europe/Berlin" in offered and not {"localtime", "Factory"} & offered


def test_a_wrong_old_password_changes_nothing_and_counts_once(client, reviewer):
    answer = client.post(URL, posted("a guess"))

    reviewer.refresh_from_db()
    assert "The old password is incorrect." in answer.content.decode()
    assert reviewer.check_password(PASSWORD)
    assert AccessAttempt.objects.get().failures_since_start == 1


def test_no_old_password_is_no_guess(client, reviewer):
    answer = client.post(URL, posted(""))

    assert "Type your old password as well." in answer.content.decode()
    assert not AccessAttempt.objects.exists()


def test_guesses_in_the_account_lock_signing_too(client, reviewer, rf):
    for number in range(settings.AXES_FAILURE_LIMIT):
        client.post(URL, posted(f"guess {number}"))

    answer = client.post(URL, posted(PASSWORD))

    assert answer.status_code == 429
    with pytest.raises(NotAuthenticated):
        authentication.confirm(reviewer, PASSWORD, request=rf.post("/"))


def test_the_other_settings_need_no_password(client, reviewer):
    answer = client.post(URL, OTHERS)

    reviewer.refresh_from_db()
    assert answer.status_code == 302 and reviewer.first_name == "A" and reviewer.check_password(PASSWORD)


def test_the_page_asks_for_one_old_password_and_no_address(client, reviewer):
    page = client.get(URL).content.decode()

    assert page.count('name="password-old_password"') == 1
    assert "name_email-email" not in page


def unwanted(user) -> list[str]:
    return LetterChoice.unwanted_by(type(user).objects.get(pk=user.pk))


def test_everybody_chooses_what_the_daily_summary_leaves_out_and_changes_it_again(client, reviewer):
    client.post(URL, OTHERS | {"letters-unwanted": ["signed", "published"]})
    first = unwanted(reviewer)
    shown = client.get(URL).content.decode()
    client.post(URL, OTHERS | {"letters-unwanted": ["signed"]})

    assert (first, unwanted(reviewer)) == (["signed", "published"], ["signed"])
    assert shown.count(" checked") >= 2


def test_a_form_without_these_fields_turns_no_letters_off(client, reviewer):
    client.post(URL, OTHERS)

    assert unwanted(reviewer) == [] and not LetterChoice.objects.exists()


def test_only_topics_can_be_left_out_and_the_page_says_what_comes_at_once(client, reviewer):
    answer = client.post(URL, OTHERS | {"letters-unwanted": ["emergency"]})

    page = answer.content.decode()
    assert "emergency is not one of the available choices" in page
    assert unwanted(reviewer) == []
    assert "Letters that cannot wait are always sent at once: emergencies, safety notices" in page
    assert all(label in page for label in LetterTopic.labels)
