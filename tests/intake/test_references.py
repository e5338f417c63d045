"""Lines of source lists, as authors write them."""

import pytest

from articles.intake.recognize.references import read_reference

AMA = (
    "Zhavoronkov A, Bischof E, et al. Targeting ageing with rapamycin. Lancet Healthy Longev. 2024;5(2):e152. "
    "doi:10.1016/S2666-7568(23)00258-1"
)


@pytest.mark.parametrize(
    ("line", "publisher", "title"),
    [
        ("NIH: Dermatologic adverse events", "NIH", "Dermatologic adverse events"),
        ("The Lancet: Targeting ageing: a review", "The Lancet", "Targeting ageing: a review"),
        ("Mayo Clinic: Acne https://example.org/acne", "Mayo Clinic", "Acne"),
        ("Acne vulgaris: a review of treatment", "", "Acne vulgaris: a review of treatment"),
        (AMA, "", "Targeting ageing with rapamycin"),
        ("Smith, J., & Doe, A. (2019). Itch and sleep. Journal of Itch, 4, 1-9.", "", "Itch and sleep"),
        ("Acne in adults", "", "Acne in adults"),
    ],
)
def test_publisher_and_title_are_read_where_the_line_shows_them(line, publisher, title):
    reference = read_reference(line)

    assert (reference.publisher, reference.title) == (publisher, title)


def test_identifiers_are_found_in_the_line():
    assert read_reference(AMA).doi == "10.1016/s2666-7568(23)00258-1"
    assert read_reference("Acne. PMID: 38310895").pmid == "38310895"
    assert read_reference("NHS: Acne, https://www.nhs.uk/conditions/acne/").url == "https://www.nhs.uk/conditions/acne/"


def test_a_line_of_an_address_alone_is_its_own_title():
    assert read_reference("https://www.nhs.uk/acne").title == "https://www.nhs.uk/acne"
