"""`articles/?q=`: who is found, in which order, on which page, with which fragments; on both engines alike."""

import html
import json
import re
from datetime import UTC, datetime
from itertools import count
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.protocol.problems import InvalidParameter
from api.v1.reading import search
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication, SearchText
from articles.record.search import index
from articles.record.search.fragments import highlights
from articles.record.search.said import LEVELS, said_in
from articles.record.search.stems import stem, words_of
from tests.factories import block, edit, listed, make_article, make_source, sign_and_publish
from tests.record.tamper import sql

HOSTILE = (
    *(
        "'",
        '"',
        '"scalp',
        "scalp'",
        "scalp OR 1=1",
        "scalp; DROP TABLE record_event",
        "scalp) OR (",
        "NEAR(scalp itch)",
    ),
    *("scalp*", "-scalp", "^scalp", "scalp AND", "NOT scalp", "{title}: scalp", "title:scalp", "scalp:*", "scalp & !x"),
    *("scalp <-> itch", "__", "[]", "$", "$where", "a" * 255, "ab " * 85, "%", "\\", "scalp\\", "🦠", "scalp🦠", "١٢٣"),
    *(
        "\u202escalp",
        "scalp\u200bitch",
        "٪",
        "½",
        "ﬁ",
        "İ",
        "ß",
        "Ω",
        "頭皮",
        "หนังศีรษะ",
        "\ufffd",
        "\U0010ffff",
        "0d0b6",
    ),
)
HEAD = {"id": "s", "kind": "introduction", "importance": "normal", "heading": ""}


def medical(title: str, *, synonyms=(), summary: str = "", text: str = "", language: str = "en") -> dict:
    spans = [{"_type": "span", "text": text, "marks": []}]
    blocks = [{"_type": "block", "style": "normal", "markDefs": [], "children": spans}]
    section = HEAD | {"text": blocks}
    return {"title": title, "synonyms": list(synonyms), "summary": summary, "language": language, "sections": [section]}


@pytest.fixture
def put(shelve):
    """put(title, synonyms=…, summary=…, text=…, locale=…): one more article that can be found, newer than the last."""
    numbers = count(1000)
    SearchText.objects.all().delete()  # of the article that the others are copied from

    def more(title: str, *, locale: str = "en", facets=None, state: str = "published", **said) -> str:
        number, texts = next(numbers), said_in(medical(title, language=locale, **said))
        row = shelve(title=title, locale=locale, facets=facets, state=state)
        names = {"names": texts.names, "summary": texts.summary, "text": texts.text, "words": texts.words}
        SearchText.objects.create(number=number, article=row.article, **names)
        return str(row.article)

    return more


@pytest.fixture
def found(get_json):
    """found("q=…"): the ids of all that is found, page by page."""

    def ask(query: str) -> list[str]:
        return [row["id"] for row in get_json(f"articles/?{query}")["results"]]

    return ask


def walk(get_json, url: str | None, towards: str = "next") -> list[list[str]]:
    pages = []
    while url:
        page = get_json(url)
        pages.append([row["id"] for row in page["results"]])
        url = page[towards]
        if not url:
            last = page
    return pages if towards == "previous" else [*pages, last["previous"]]


@pytest.fixture
def tiers(put):
    """Two articles of each tier, the newer one first, as they are found for `itchy scalp`."""
    anywhere = [put("Caspar", summary="Itchy.", text="His scalp.") for _ in range(2)]
    summary = [put("Scalps", summary="They itched: an itchy matter.") for _ in range(2)]
    names = [put("Itchy scalps"), put("Pruritus", synonyms=["itchy scalp"])]
    put("Something else", text="An itchy nose.")
    return [*reversed(names), *reversed(summary), *reversed(anywhere)]


def test_a_name_counts_before_the_summary_and_the_summary_before_the_text(tiers, found):
    assert found("q=itchy+scalp") == tiers


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6, 100])
def test_pages_of_a_search_join_to_it_both_ways(tiers, get_json, size):
    *forward, back = walk(get_json, f"articles/?q=itchy+scalp&page_size={size}")

    backward = walk(get_json, back, "previous")

    assert [article for page in forward for article in page] == tiers
    assert [*reversed(backward)] == forward[:-1]


def test_pages_of_a_search_for_any_word_join_to_it_too(put, get_json):
    any_word = [put(f"Article {number}", text="An itchy nose.") for number in range(3)] + [put("Scalps"), put("Scalp")]
    wanted = [*reversed(any_word[3:]), *reversed(any_word[:3])]

    *forward, back = walk(get_json, "articles/?q=itchy+scalp&page_size=2")

    assert [article for page in forward for article in page] == wanted
    assert [*reversed(walk(get_json, back, "previous"))] == forward[:-1]


def test_an_article_published_meanwhile_moves_no_page_of_a_search(tiers, put, get_json):
    first = get_json("articles/?q=itchy+scalp&page_size=3")
    second = get_json(first["next"])

    put("Itchy scalp again")

    assert get_json(first["next"])["results"] == second["results"]


def test_any_word_counts_only_where_no_article_has_all(put, found):
    one = put("Scalp")
    assert found("q=itchy+scalp") == [one]

    both = put("A nose", text="Itchy, like a scalp.")

    assert found("q=itchy+scalp") == [both]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Baldness", "BALD"),
        ("Crohn’s disease", "crohns disease"),
        ("Crohn’s disease", "Crohn disease"),
        ("Itching", "itch"),
        ("Éruption cutanée", "eruption cutanee"),
        ("Eruption", "Éruption"),
        ("COVID-19", "covid 19"),
        ("Vitamin A", "vitamin a"),
        ("HbA1c", "hba1c"),
        ("ﬁbrosis", "fibrosis"),
        ("Ménière’s disease", "meniere"),
        ("Кожа", "кожа"),
        ("頭皮", "頭皮"),
        ("ALS", "als"),
    ],
)
def test_endings_case_accents_and_signs_do_not_matter(put, found, said, asked):
    wanted = put(said)
    put("Something else")

    assert found(f"q={quote(asked)}") == [wanted]


def test_each_article_is_found_by_the_rules_of_its_own_language(put, found):
    german, spanish = put("Hautärzte", locale="de"), put("Infecciones de la piel", locale="es")
    other = put("Тело", locale="uk")

    assert found(f"q={quote('Hautarzt')}") == [german]
    assert found("q=infeccion") == found(f"q={quote('infección')}") == [spanish]
    assert found("q=infeccion&locale=de") == []
    assert found(f"q={quote('тело')}") == [other]


def test_filters_narrow_a_search(put, found):
    put("Scalp", facets={"topic": "a"})
    wanted = put("Scalp", facets={"topic": "b", "audience": "patient"})

    assert found("q=scalp&topic=b&audience=patient") == [wanted]
    assert found("q=scalp&topic=c") == []


@pytest.mark.parametrize(
    "text", ["", " ", "...", "the", "of the and", "'", "*", "-", '"', "__", "[]", "$", "%", "🦠", "\\"]
)
def test_a_search_without_a_word_says_so(require_problem, db, text):
    problem = require_problem(f"articles/?q={quote(text)}", 400, "invalid-parameter")

    assert problem["errors"][0]["parameter"] == "q"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_an_error_of_syntax(put, get, text):
    put("Scalp", text="Itch.")

    answer = get(f"articles/?q={quote(text)}")

    assert answer.status_code == 200 or json.loads(answer.content)["errors"][0]["code"] == "empty"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(text=st.text(min_size=1, max_size=255))
def test_any_text_is_a_search_or_has_no_word(db, text):
    try:
        asked = search.read(text, ())
    except InvalidParameter:
        return

    for tier in (*search.ALL, *search.ANY):
        assert search.find(asked, (["p.state = %s", f"{tier} = {tier}"], ["published"]), None, limit=1) is not None
        assert re.fullmatch(r"[A-Z&|!()'\" 0-9a-z:*]+", asked.query(tier))


@pytest.mark.parametrize("sent", ["%00", "a%00b", "%ED%A0%80", "%FF", "a" * 256])
def test_what_is_no_text_is_a_problem(require_problem, db, sent):
    require_problem(f"articles/?q={sent}", 400, "invalid-parameter")


def test_a_search_has_an_order_of_its_own(require_problem, recorded):
    problem = require_problem("articles/?q=scalp&order=title", 400, "invalid-parameter")

    assert problem["errors"][0]["parameter"] == "order"


def test_a_cursor_of_a_list_is_none_of_a_search(tiers, get_json, require_problem):
    listed = get_json("articles/?page_size=2")["next"].rpartition("cursor=")[2]
    searched = get_json("articles/?q=itchy&page_size=2")["next"].rpartition("cursor=")[2]

    require_problem(f"articles/?q=itchy&cursor={listed}", 400, "invalid-cursor")
    require_problem(f"articles/?cursor={searched}", 400, "invalid-cursor")


def test_a_real_article_is_found_by_each_part_of_it(people, publish, found):
    table = {"data": [["Dose", "Cellword"]], "table_caption": "Captionword"}
    body = [
        block("introduction", heading="Headingword", text="<p>Textword.</p>"),
        block("faq", items=[{"question": "Questionword?", "answer": "<p>Answerword.</p>"}]),
        block("table", table=table),
        block("seek_help", level="urgent", signs=listed("Signword"), action="Actionword."),
        block("sources", items=listed(make_source().pk)),
    ]
    page = publish(
        make_article(
            by=people.author,
            article_type="explainer",
            title="Titleword",
            synonyms="First synonymword\n  Second  one \n\nFirst synonymword",
            body=body,
        )
    )

    words = ("title", "synonym", "heading", "text", "question", "answer", "cell", "caption", "sign", "action")
    assert {word: found(f"q={word}word") for word in words} == {word: [str(page.article_id)] for word in words}
    assert found("q=urgent") == []  # a value of a closed list is no word of the article


def test_synonyms_are_served_and_found_as_the_title(people, publish, get_json):
    page = publish(make_article(by=people.author, synonyms="Spot baldness\nAlopecia areata"))

    assert get_json(f"articles/{page.slug}/")["content"]["synonyms"] == ["Spot baldness", "Alopecia areata"]
    (row,) = get_json("articles/?q=spot+bald")["results"]
    assert row["highlights"]["title"] == ["<mark>Spot</mark> <mark>baldness</mark>"]


def test_highlights_are_beside_the_content_and_escaped(put, get_json):
    put("Scalp & <b>itch</b>", summary="No word of it.", text="A <script>scalp</script> “itches”.")

    (row,) = get_json("articles/?q=scalp")["results"]

    assert row["highlights"] == {
        "title": ["<mark>Scalp</mark> &amp; &lt;b&gt;itch&lt;/b&gt;"],
        "summary": [],
        "text": ["A &lt;script&gt;<mark>scalp</mark>&lt;/script&gt; “itches”."],
    }
    assert len(row["content"]) == 6


PIECES = st.sampled_from(
    ["scalp", "Scalps", "ITCH", "itchy", "é", "Éruption", "<b>", "&amp;", " ", "\n", ".", "x" * 90, "ß"]
)


@given(pieces=st.lists(PIECES, max_size=60), asked=st.lists(st.sampled_from(["scalp", "itch", "eruption"]), min_size=1))
def test_a_fragment_stands_in_the_text_as_it_is(pieces, asked):
    text = "".join(pieces)
    stems = [stem(word, "en") for word in asked]

    shown = highlights(text, text.replace("\n", " "), text, language="en", asked=stems)

    for fragment in [*shown["title"], *shown["summary"], *shown["text"]]:
        bare = html.unescape(re.sub("</?mark>", "", fragment)).removeprefix("… ").removesuffix(" …")
        assert bare in text or bare in text.replace("\n", " ")
        for marked in re.findall("<mark>(.*?)</mark>", fragment):
            assert {stem(word, "en") for word in words_of(html.unescape(marked))} & set(stems)


def test_a_long_text_gives_three_short_fragments_at_most(put, get_json):
    filler = "word " * 300
    put("Nose", text=f"{filler}scalp {filler}scalp {filler}itchy scalp {filler}scalp {filler}")

    (row,) = get_json("articles/?q=scalp+itchy")["results"]

    texts = row["highlights"]["text"]
    assert len(texts) == 3
    assert "<mark>itchy</mark> <mark>scalp</mark>" in texts[-1]
    assert all(len(text) < 300 for text in texts)
    assert all(text.startswith("… word ") and text.endswith(" word …") for text in texts)


def test_only_a_paragraph_that_was_cut_has_an_ellipsis(put, get_json):
    put("Nose", text="The scalp itches.")

    (row,) = get_json("articles/?q=scalp")["results"]

    assert row["highlights"]["text"] == ["The <mark>scalp</mark> itches."]


def test_each_result_says_whether_it_has_all_words(put, get_json):
    put("Lungs")
    both = put("Lungs", text="Itch.")

    assert [row["matched_words"] for row in get_json("articles/?q=lungs+itch")["results"]] == ["all"]
    assert {row["matched_words"] for row in get_json("articles/?q=lungs+xylophone")["results"]} == {"any"}
    (row,) = get_json("articles/?q=itch&fields=matched_words")["results"]
    assert row == {"id": both, "matched_words": "all"}


# Words whose stem is no beginning of them, in each language: disabl, frequent, hautarzt, die.
BEGUN = [
    *[("en", "Disability", "disability"[:length]) for length in range(2, 11)],
    *[("en", "Inflammation", "inflammation"[:length]) for length in (2, 3, 4, 9, 11, 12)],
    *[("en", "Dying", begun) for begun in ("dy", "dyi", "dyin", "dying")],
    *[("de", "Hautärzte", begun) for begun in ("ha", "haut", "hautä", "hautarz", "Hautärzte", "HAUTARZTE")],
    *[("de", "Größe", begun) for begun in ("gr", "grö", "größ", "gross", "groe"[:3])],
    *[("es", "Frecuencia", "frecuencia"[:length]) for length in range(2, 11)],
    *[("es", "Infección", begun) for begun in ("infecci", "infecció", "infeccion")],
    *[("ru", "Кожа", begun) for begun in ("ко", "кож", "кожа")],
    *[("ja", "頭皮のかゆみ", begun) for begun in ("頭皮", "頭皮の", "頭皮のか")],
    *[("uk", "IgGα", begun) for begun in ("ig", "igg", "iggα")],
]


@pytest.mark.parametrize(("language", "title", "begun"), BEGUN)
def test_a_star_finds_every_word_that_begins_so_and_marks_it_whole(put, get_json, language, title, begun):
    put("Something else", locale=language, text="A nose.")
    wanted = put("More", locale=language, text=f"Of {title}, too.")

    for query in (f"q={quote(begun)}*", f"q={quote(begun)}*&locale={language}", f"q={quote(begun)}%EF%BC%8A"):
        (row,) = get_json(f"articles/?{query}")["results"]
        assert row["id"] == wanted
        assert row["highlights"]["text"] == [f"Of <mark>{title}</mark>, too."]


@pytest.mark.parametrize("asked", ["rapa", "rap", "apamycin*", "r*", "rapamycins*", "rapamycinx*"])
def test_without_a_star_or_two_letters_before_it_a_beginning_finds_nothing(put, found, asked):
    put("Rapamycin")

    assert found(f"q={asked}") == []


def test_beginnings_stand_in_tiers_and_beside_other_words(put, found):
    text = put("More", text="Rapamycin and skin.")
    summary = put("Another", summary="Rapamune, for the skin.")
    name = put("Rapamycin for skins")
    put("Skin")

    for query in ("q=rapa*+skin", "q=skin+rapa*", "q=ra*+sk*", "q=rapa*&page_size=50"):
        assert found(query) == [name, summary, text]
    assert found("q=rapa*+xylophone") == [name, summary, text]


def test_a_beginning_may_be_a_word_that_counts_for_nothing(put, found):
    wanted = put("Therapy")

    assert found("q=the*") == [wanted]


LETTERS = st.text(alphabet="abcé頭皮ßо0", min_size=2, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(words=st.lists(LETTERS, min_size=1, max_size=4), begun=LETTERS)
def test_a_beginning_finds_a_word_exactly_if_it_begins_so(put, words, begun):
    SearchText.objects.all().delete()
    put(" ".join(words))
    asked = search.read(f"{begun}*", ("en",))

    rows = search.find(asked, (["p.state = %s"], ["published"]), None, limit=1)

    (letters,) = words_of(begun)
    assert bool(rows) == any(word.startswith(letters) for word in words_of(" ".join(words)))


def test_what_stands_beside_the_text_finds_no_article(article, found):
    article(sponsorship="Paid for by Xylophone Ltd.")

    assert found("q=xylophone") == found("q=xylo*") == []


def test_withdrawn_withheld_and_drafted_articles_are_never_found(people, publish, get_json, set_clock):
    said = {"by": people.author, "title": "Zoster of the scalp"}
    gone, held = publish(make_article(**said)), publish(make_article(**said))
    kept = publish(make_article(**said))
    make_article(**said)
    edit(kept, by=people.author, title="Anotherword")
    withdraw(page=gone, reason="other", by=people.editor)
    held_row = Publication.objects.filter(article=held.article_id)
    held_row.update(after_grace="withhold", grace_ends_at=datetime(2020, 1, 1, tzinfo=UTC))

    page = get_json("articles/?q=zoster&facets=audience,kind")

    assert [row["id"] for row in page["results"]] == [str(kept.article_id)]
    assert page["facets"]["audience"] == [{"value": "patient", "label": "Patients and the public", "count": 1}]
    assert not SearchText.objects.filter(article=gone.article_id).exists()
    assert get_json("articles/?q=anotherword")["results"] == []
    held_row.update(grace_ends_at=timezone.now())
    assert len(get_json("articles/?q=zoster")["results"]) == 1
    set_clock(datetime(2019, 1, 1, tzinfo=UTC))
    assert len(get_json("articles/?q=zoster")["results"]) == 2


def test_a_new_edition_is_found_by_its_words_and_the_old_words_are_forgotten(people, publish, found):
    page = publish(make_article(by=people.author, title="Oldword"))
    changed = edit(page, by=people.author, title="Newword")
    sign_and_publish(changed, by=people.author, editor=people.editor, reviewer=people.reviewer)

    assert (found("q=newword"), found("q=oldword")) == ([str(page.article_id)], [])


def test_the_index_is_kept_by_the_database_whoever_writes(put, found):
    article = put("Scalp")
    SearchText.objects.filter(article=article).update(words="1enwrist 2enwrist 3enwrist")
    assert (found("q=scalp"), found("q=wrist")) == ([], [article])

    SearchText.objects.all().delete()

    assert found("q=wrist") == []


def test_installing_the_index_again_loses_nothing(put, found):
    article = put("Scalp")
    if connection.vendor == "sqlite":
        sql(f"DROP TABLE {index.NAME}")

    index.install()
    index.install()

    assert found("q=scalp") == [article]


@pytest.mark.parametrize(("query", "most"), [("q=scalp", 5), ("q=itchy+scalp", 7), ("q=nowhere", 3), ("q=no+where", 5)])
def test_a_search_takes_a_few_queries(tiers, get, django_assert_max_num_queries, query, most):
    for size in (1, 100):
        with django_assert_max_num_queries(most):
            get(f"articles/?{query}&page_size={size}")


def test_both_engines_use_their_index(put, db):
    put("Scalp")
    asked = search.read("scalp", ())
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (FORMAT TEXT)"
    with connection.cursor() as cursor:
        found = index.matching()
        cursor.execute(f"{explain} SELECT m.rowid FROM {found} ORDER BY m.rowid DESC LIMIT 3", [asked.query(3)])
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert "VIRTUAL TABLE INDEX" in plan or "Function Scan on record_search" in plan
    assert "TEMP B-TREE" not in plan


def test_the_words_of_a_huge_article_fit_both_engines(put, found):
    words = " ".join(f"word{number}x{'y' * 40}" for number in range(40_000))
    article = put("Huge", text=words)

    assert found("q=huge") == [article]
    assert len(SearchText.objects.get(article=article).words) < 2**20


def test_words_are_indexed_at_their_level_and_all_below():
    said = said_in(medical("Title", summary="Summary", text="Text"))

    levels = {
        name: [level for level in LEVELS if f"{level}en{name}" in said.words.split()] for name in ("titl", "text")
    }
    assert levels == {"titl": [1, 2, 3], "text": [3]}
