"""Code lists: loaded from a file, found while somebody types, brought to the checks; `manage.py load_codes`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from articles.authoring.codes import load
from articles.authoring.codes.find import find_codes, listed
from articles.authoring.codes.load import load_codes
from articles.authoring.codes.models import Code, CodeList
from articles.document.gather import gather_page
from articles.errors import Unreadable
from cms.demo.library import CODES
from tests.factories import make_article, make_user

HEAD = "system,code,display,synonyms\n"
LOSS = 'icd-10-cm,L65.9,"Nonscarring hair loss, unspecified",Hair loss|Effluvium\n'
SIROLIMUS = "rxnorm,35302,sirolimus,rapamycin\n"


def loaded(*lines: str, head: str = HEAD) -> dict[str, int]:
    return load_codes(StringIO(head + "".join(lines))).counts


def stored() -> list[tuple[str, str, str, str]]:
    return list(
        Code.objects.order_by("list__system", "code").values_list("list__system", "code", "display", "synonyms")
    )


BOTH = [
    ("icd-10-cm", "L65.9", "Nonscarring hair loss, unspecified", "Hair loss\nEffluvium"),
    ("rxnorm", "35302", "sirolimus", "rapamycin"),
]


def test_a_file_is_loaded_and_loading_it_again_changes_nothing(db):
    assert loaded(LOSS, SIROLIMUS) == {"icd-10-cm": 1, "rxnorm": 1}
    assert loaded(LOSS, SIROLIMUS) == {"icd-10-cm": 1, "rxnorm": 1}

    assert stored() == BOTH


def test_a_newer_file_replaces_the_terminologies_that_it_names_and_no_others(db):
    loaded(LOSS, SIROLIMUS)

    loaded("icd-10-cm,D50.9,Iron deficiency anemia\n", head="system,code,display\n")

    assert [row[:2] for row in stored()] == [("icd-10-cm", "D50.9"), ("rxnorm", "35302")]


@pytest.mark.parametrize(
    "text",
    [
        "system\tcode\tdisplay\tsynonyms\nrxnorm\t35302\tsirolimus\trapamycin\n",
        "\ufeffCode,System,Display,Synonyms\r\n35302,rxnorm,sirolimus,rapamycin\r\n",
        "system,code,display,synonyms\n\nrxnorm , 35302 , sirolimus ,rapamycin|\n",
    ],
    ids=["tabs", "another order, as Windows writes it", "spaces and an empty line"],
)
def test_forms_of_a_file_that_mean_the_same_are_read(db, text):
    load_codes(StringIO(text))

    assert stored() == BOTH[1:]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "of another format"),
        ("CODE|STR|SAB\n35302|sirolimus|RXNORM\n", "of another format"),
        ("system,code,display,color\nrxnorm,35302,sirolimus,red\n", "of another format"),
        ("PK\x03\x04\x00,", "of another format"),
        (HEAD, "has no codes"),
        (HEAD + SIROLIMUS + "rxnorm,1191\n", "Line 3 has 2 columns"),
        (HEAD + "icd-11,ME66,Hair loss,\n", "Line 2 names the terminology “icd-11”"),
        (HEAD + "rxnorm,,sirolimus,\n", "Line 2 needs a code"),
        (HEAD + "rxnorm,35302,,\n", "Line 2 needs a code"),
        (HEAD + f"rxnorm,{'3' * 33},sirolimus,\n", "Line 2 needs a code"),
        (HEAD + SIROLIMUS + SIROLIMUS, "Line 3: the code 35302 of rxnorm is in the file twice"),
        (HEAD + 'rxnorm,35302,"sirolimus,\n', "cannot be read"),
        (HEAD + "rxnorm,35302,siro\0limus,\n", "Line 2 needs a code|cannot be read"),
    ],
)
def test_a_file_of_another_format_is_refused_and_changes_nothing(db, text, said):
    loaded(LOSS, SIROLIMUS)

    with pytest.raises(Unreadable, match=said):
        load_codes(StringIO(text))

    assert stored() == BOTH


def test_a_fault_behind_the_first_batch_changes_nothing_either(db, monkeypatch):
    monkeypatch.setattr(load, "BATCH", 2)
    loaded(LOSS, SIROLIMUS)

    with pytest.raises(Unreadable, match="Line 5"):
        loaded(*(f"rxnorm,{number},substance {number},\n" for number in range(3)), "rxnorm,,,\n")

    assert stored() == BOTH


def test_a_name_that_no_article_can_hold_is_left_out_and_named(db):
    made = load_codes(StringIO(HEAD + SIROLIMUS + f"rxnorm,1,{'x' * 256},\n"))

    assert (made.counts, made.left_out) == ({"rxnorm": 1}, ["rxnorm 1"])


def test_the_command_loads_the_demos_sample(db):
    said = StringIO()

    call_command("load_codes", str(CODES), stdout=said)

    assert said.getvalue().splitlines() == ["icd-10-cm: 29 codes", "rxnorm: 6 codes"]


def test_the_command_refuses_with_what_to_do(db, tmp_path):
    (tmp_path / "codes.xlsx").write_bytes(b"PK\x03\x04\xff\xfe")

    with pytest.raises(
        CommandError, match=r"Nothing was changed.*first line is system,code,display,synonyms"
    ) as refused:
        call_command("load_codes", str(tmp_path / "codes.xlsx"))
    with pytest.raises(CommandError, match="There is no file") as absent:
        call_command("load_codes", str(tmp_path / "none.csv"))

    assert (refused.value.returncode, absent.value.returncode) == (1, 2)


@pytest.fixture
def lists(db):
    loaded(
        *(LOSS, SIROLIMUS, "icd-10-cm,L63,Alopecia areata,Spot baldness\n", "icd-10-cm,L66,Cicatricial alopecia,\n"),
        *("icd-10-cm,L65,Other nonscarring hair loss,\n", "rxnorm,1191,aspirin,acetylsalicylic acid\n"),
    )


@pytest.mark.parametrize(
    ("typed", "system", "codes"),
    [
        ("L65.9", "", ["L65.9"]),
        ("l65", "", ["L65", "L65.9"]),
        ("hair loss", "", ["L65", "L65.9"]),
        ("loss HAIR", "icd-10-cm", ["L65", "L65.9"]),
        ("alopecia", "", ["L63", "L66"]),
        ("spot bald", "", ["L63"]),
        ("rapamycin", "", ["35302"]),
        ("rapamycin", "icd-10-cm", []),
        ("  ", "", []),
        ("nothing like it", "", []),
        ("100%", "", []),
        ("\0", "", []),
    ],
)
def test_codes_are_found_by_their_beginning_and_by_all_words_of_a_name(lists, typed, system, codes):
    assert [row.code for row in find_codes(typed, system)] == codes


def test_a_name_that_has_the_words_comes_before_one_that_has_them_as_a_synonym(lists):
    loaded("mesh,D000505,Alopecia,Hair loss\n", "mesh,D006201,A long name that says hair loss,\n")

    assert [row.code for row in find_codes("hair loss", "mesh")] == ["D006201", "D000505"]


def test_no_more_codes_are_offered_than_fit_a_list(db):
    loaded(*(f"rxnorm,{number},substance {number},\n" for number in range(40)))

    assert len(find_codes("substance")) == 12


def test_a_draft_brings_what_the_lists_say_of_its_codes_in_one_query(lists, django_assert_num_queries):
    wanted = [("icd-10-cm", "L65.9"), ("rxnorm", "7"), ("mesh", "D000505")]

    with django_assert_num_queries(1):
        found = listed(wanted)

    assert found == {
        "icd-10-cm": {"L65.9": ("Nonscarring hair loss, unspecified", "Hair loss", "Effluvium")},
        "rxnorm": {},
    }
    with django_assert_num_queries(0):
        assert listed([]) == {}


def test_codes_of_an_article_of_its_substances_and_of_causes_are_gathered(lists):
    code = {"system": "icd-10-cm", "code": "L63", "display": ""}
    cause = {"name": "Dandruff", "codes": [{"type": "item", "id": "1", "value": code}], "citations": []}
    page = make_article(
        by=make_user("coder", "Authors"),
        body=[{"type": "causes", "id": "c", "value": {"items": [{"type": "item", "id": "2", "value": cause}]}}],
    )
    page.codes = [("code", code | {"code": "L65.9"})]
    page.substances = [("substance", {"name": "sirolimus", "system": "rxnorm", "code": "35302", "status": []})]

    draft = gather_page(page)

    assert {system: sorted(codes) for system, codes in draft.listed_codes.items()} == {
        "icd-10-cm": ["L63", "L65.9"],
        "rxnorm": ["35302"],
    }


def test_the_editor_is_given_what_a_choice_fills_in(lists, client):
    client.force_login(make_user("typist", "Authors"))

    answer = client.get(reverse("articles_codes"), {"q": "rapamycin"})

    assert answer.json() == {
        "codes": [{"system": "rxnorm", "code": "35302", "display": "sirolimus", "terminology": "RxNorm"}]
    }


def test_nobody_asks_for_codes_from_outside(lists, client):
    assert client.get(reverse("articles_codes"), {"q": "rapamycin"}).status_code == 302


def test_a_list_is_called_by_its_terminology(lists):
    assert {str(row) for row in CodeList.objects.all()} == {"ICD-10-CM", "RxNorm"}
