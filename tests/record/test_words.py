"""The fixed words that readers see: complete, in three languages, and said in which."""

import string

import pytest

from articles.record import vocabulary, words
from articles.record.vocabulary import ReaderChoices

LANGUAGES = {"en", "de", "es"}
CHOICES = ReaderChoices.__subclasses__()
LATER = {"withdraw-reason": {"review-overdue"}}  # what the API says beside the closed list


def test_every_closed_list_that_readers_see_has_words_for_each_value():
    wanted = {words.list_name(choices.__name__): set(choices.values) for choices in CHOICES}

    assert {name: set(values) - LATER.get(name, set()) for name, values in words.lists().items()} == wanted
    assert len(CHOICES) == 28


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, row in words.lists().items() for value in row])
def test_a_value_has_a_label_in_each_language_and_a_meaning_in_all_or_none(name, value):
    texts = words.lists()[name][value]

    assert set(texts) == LANGUAGES
    assert all(label for label, _ in texts.values())
    assert len({bool(meaning) for _, meaning in texts.values()}) == 1


@pytest.mark.parametrize("key", words.sentences())
def test_a_sentence_has_the_same_placeholders_in_each_language(key):
    texts = words.sentences()[key]
    names = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in texts.values()]

    assert set(texts) == LANGUAGES
    assert all(found == names[0] for found in names)


def test_a_word_is_in_the_articles_language():
    assert words.label("severity", "mild", "de-AT") == ("Leicht", "de")
    assert words.sentence("notice-reference-retracted", "es", number=3).text.startswith("La referencia 3 ")


def test_a_language_without_words_gets_english_and_says_so():
    word = words.label("severity", "mild", "fr")

    assert word == ("Mild", "en")
    assert word.in_html("fr") == '<span lang="en">Mild</span>'
    assert words.label("severity", "mild", "en-GB").in_html("en-GB") == "Mild"


def test_a_frequency_is_said_with_its_numbers():
    assert vocabulary.Frequency.VERY_COMMON.label == "Very common (1 in 10 people or more)"
    assert vocabulary.Frequency.COMMON.label == "Common (at least 1 in 100 but fewer than 1 in 10 people)"
    assert vocabulary.Frequency.NOT_KNOWN.label == "Frequency not known"


def test_a_value_of_a_later_version_is_shown_as_it_is():
    assert words.label("severity", "very <bad>", "de").in_html("de") == "very &lt;bad&gt;"
