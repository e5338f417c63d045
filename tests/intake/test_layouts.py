"""Structure comes from form: the same article in three languages, dressed in the ways in which people paste it."""

# ruff: noqa: E501 - lines as people paste them

import textwrap
from dataclasses import dataclass, replace

import pytest

from articles.intake.outline import Outline, Role
from articles.intake.readers.text import read_blocks
from articles.intake.recognize.classify import outline
from articles.record.vocabulary import SectionKind


@dataclass(frozen=True)
class Told:
    title: str
    opening: str
    sections: tuple[tuple[str, str], ...]  # headings that say nothing known
    list_heading: str
    sources: tuple[str, str, str]
    above: tuple[str, ...]
    byline: str
    contents: str
    tail: tuple[str, ...]
    offer: str


ARTICLES = {
    "en": Told(
        "A stone the size of a pea",
        "Few pains are as sudden as that of a stone that leaves the kidney. Most people who had one remember the hour. "
        "What follows tells how such stones grow, what is done about them and how to be spared the next.",
        (
            (
                "Where the trouble begins",
                "Stones grow where urine holds more salts than it can keep dissolved. Drinking too little, hot work, much "
                "salt and some medicines make that more likely, and so does a family in which others had stones.",
            ),
            (
                "The longest night",
                "The pain comes in waves, from the back down to the groin. Many people feel sick, sweat and cannot keep "
                "still. The urine may be pink or brown, and passing water may burn.",
            ),
            (
                "What we do about it",
                "Painkillers come first. Small stones pass by themselves within days or weeks; larger ones are broken by "
                "sound waves or taken out through a thin instrument. Your doctor explains which way suits you.",
            ),
            (
                "So that it stays the only one",
                "Drink enough that the urine stays pale, eat less salt, and do not cut out milk. Whoever has had two "
                "stones should have one examined, because the right diet depends on what it is made of.",
            ),
        ),
        "What we read",
        (
            "European Association of Urology. Patient information: kidney and ureteral stones. 2023.",
            "Example Institute – Stones in the urinary tract (2022)",
            "https://www.example.org/kidney-stones",
        ),
        ("Home > Kidneys > Advice", "Brook Lane Clinic", "KIDNEYS"),
        "By Martha Quill, nurse. Last checked in May 2025",
        "On this page",
        ("Share this page", "12 comments", "More from the clinic: Ten questions about dialysis", "© 2025 Brook Lane Clinic"),
        "Still in pain? Our urologists see you within two days. Book a visit online today.",
    ),
    "de": Told(
        "Ein Stein so groß wie eine Erbse",
        "Wenige Schmerzen kommen so plötzlich wie die eines Steins, der die Niere verlässt. Wer einen Stein hatte, weiß die "
        "Stunde noch. Hier steht, wie solche Steine wachsen, was man dagegen tut und wie der nächste ausbleibt.",
        (
            (
                "Wo der Ärger anfängt",
                "Ein Stein wächst, wenn der Urin mehr Salze enthält, als er lösen kann. Wer wenig trinkt, in Hitze "
                "arbeitet oder viel Salz isst, hat ein höheres Risiko, ebenso wer Verwandte mit Steinen hat.",
            ),
            (
                "Die längste Nacht",
                "Der Schmerz kommt in Wellen, vom Rücken bis in die Leiste. Vielen ist übel, sie schwitzen und können "
                "nicht stillliegen. Der Urin kann rötlich sein, und beim Wasserlassen kann es brennen.",
            ),
            (
                "Was man dagegen unternimmt",
                "Zuerst kommen Schmerzmittel. Kleine Steine gehen in Tagen oder Wochen von selbst ab, größere werden mit "
                "Schallwellen zertrümmert oder mit einem dünnen Instrument geholt. Die Ärztin erklärt, was zu Ihnen passt.",
            ),
            (
                "Damit es bei einem bleibt",
                "Trinken Sie so viel, dass der Urin hell bleibt, salzen Sie weniger und verzichten Sie nicht auf Milch. "
                "Wer zwei Steine hatte, sollte einen untersuchen lassen, denn davon hängt die richtige Ernährung ab.",
            ),
        ),
        "Zum Weiterlesen",
        (
            "Deutsche Gesellschaft für Urologie. Leitlinie Urolithiasis. 2023.",
            "Beispielinstitut – Steine in den Harnwegen (2022)",
            "https://www.example.org/nierensteine",
        ),
        ("Start / Themen / Niere", "Klinik am Bach", "NIERE"),
        "Text: Marta Kiel. Fachlich geprüft im Mai 2025",
        "Inhalt",
        ("Beitrag teilen", "12 Kommentare", "Mehr aus der Klinik: Zehn Fragen zur Dialyse", "© 2025 Klinik am Bach"),
        "Noch Schmerzen? Unsere Urologinnen haben in zwei Tagen Zeit für Sie. Vereinbaren Sie online einen Termin.",
    ),
    "es": Told(
        "Una piedra como un guisante",
        "Pocos dolores son tan repentinos como el de una piedra que sale del riñón. Quien tuvo una recuerda la hora. Aquí "
        "se cuenta cómo crecen las piedras, qué se hace con ellas y cómo librarse de la siguiente.",
        (
            (
                "Donde empieza el problema",
                "Una piedra crece cuando la orina lleva más sales de las que puede disolver. Beber poco, trabajar con "
                "calor y comer con mucha sal lo hacen más probable, igual que tener familiares con piedras.",
            ),
            (
                "La noche más larga",
                "El dolor viene en oleadas, de la espalda a la ingle. Mucha gente tiene náuseas, suda y no puede estarse "
                "quieta. La orina puede salir rosada, y orinar puede escocer.",
            ),
            (
                "Lo que se hace en la consulta",
                "Primero se calma el dolor con medicinas. Las piedras pequeñas salen solas en días o semanas; las grandes se "
                "rompen con ondas o se extraen con un instrumento fino. Su médico le explicará qué le conviene.",
            ),
            (
                "Para que sea la única",
                "Beba lo bastante para que la orina salga clara, coma con menos sal y no deje la leche. Quien ha tenido "
                "dos piedras debería llevar una a analizar, porque de eso depende la dieta.",
            ),
        ),
        "Lo que hemos leído",
        (
            "Asociación Española de Urología. Información para pacientes: litiasis renal. 2023.",
            "Instituto de Ejemplo – Piedras en las vías urinarias (2022)",
            "https://www.example.org/piedras",
        ),
        ("Inicio > Riñón > Consejos", "Clínica del Arroyo", "RIÑÓN"),
        "Por Marta Quiles, enfermera. Revisado en mayo de 2025",
        "En esta página",
        ("Compartir", "12 comentarios", "Más de la clínica: Diez preguntas sobre la diálisis", "© 2025 Clínica del Arroyo"),
        "¿Sigue con dolor? Nuestros urólogos le reciben en dos días. Pida cita en línea hoy mismo.",
    ),
}  # fmt: skip
LANGUAGES = pytest.mark.parametrize("told", ARTICLES.values(), ids=ARTICLES)


def written(told: Told, *, dress=str, above=(), below=(), between=(), tail=(), sources=True, gap="\n\n") -> str:
    parts = [*above, told.title, *below, told.opening]
    for number, (heading, text) in enumerate(told.sections, start=1):
        parts += [dress(heading) if dress is str else dress(heading, number), text]
        if number == 2:
            parts += between
    if sources:
        parts += [told.list_heading, *told.sources]
    return gap.join([*parts, *tail]) + "\n"


def read(text: str) -> Outline:
    return outline(read_blocks(text.encode()))


def headings(found: Outline) -> list[str]:
    return [part.heading for part in found.sections if part.heading]


def left_out(found: Outline) -> list[str]:
    return [part.text for part in found.of(Role.LEFT_OUT)]


@LANGUAGES
def test_headings_that_say_nothing_known_open_sections_all_the_same(told):
    found = read(written(told))

    assert found.title == told.title
    assert headings(found) == [heading for heading, _ in told.sections]
    assert [part.text for part in found.of(Role.SOURCE)] == list(told.sources)


DRESSES = {
    "numbered": lambda heading, number: f"{number}. {heading}",
    "numbered by parentheses": lambda heading, number: f"{number}) {heading}",
    "capitals": lambda heading, number: heading.upper(),
    "colon": lambda heading, number: f"{heading}:",
    "underlined": lambda heading, number: f"{heading}\n{'-' * len(heading)}",
}


@LANGUAGES
@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_headings_are_known_in_any_dress(told, dress):
    found = read(written(told, dress=dress))

    assert headings(found) == [
        dress(heading, number).split("\n")[0] for number, (heading, _) in enumerate(told.sections, 1)
    ]


@LANGUAGES
def test_a_file_without_blank_lines_has_its_headings(told):
    assert headings(read(written(told, gap="\n"))) == [heading for heading, _ in told.sections]


@LANGUAGES
@pytest.mark.parametrize("width", [60, 66, 72, 78])
def test_a_wrapped_file_has_its_headings_and_paragraphs(told, width):
    wrapped = "\n\n".join(textwrap.fill(part, width) for part in written(told).split("\n\n"))

    found = read(wrapped)

    assert headings(found) == [heading for heading, _ in told.sections]
    assert [part.text for part in found.sections if part.heading] == [text for _, text in told.sections]


@LANGUAGES
def test_what_stands_above_and_below_the_title_is_left_out(told):
    found = read(written(told, above=told.above, below=(told.byline,)))

    assert found.title == told.title
    assert set(left_out(found)) >= {told.above[0], told.byline}
    assert headings(found) == [heading for heading, _ in told.sections]


# {language: (a cookie banner, the house and its menu, a line above the title)}
COPIED = {
    "de": (
        ("Ihre Privatsphäre ist uns wichtig", "Wir und unsere Partner speichern Informationen auf Ihrem Gerät, etwa in Cookies, um Ihnen passende Anzeigen zu zeigen.", "Alle akzeptieren"),
        ("Praxis am Bach", "Über uns", "Leistungen", "Ratgeber", "Termin buchen", "Startseite > Ratgeber > Niere"),
        "UROLOGIE",
    ),
    "en": (
        ("We value your privacy", "We and our partners store and access information on your device, such as cookies, to show you suitable advertisements.", "Accept all"),
        ("Brook Lane Clinic", "About us", "Services", "Advice", "Book an appointment", "Home > Advice > Kidneys"),
        "UROLOGY",
    ),
    "es": (
        ("Tu privacidad nos importa", "Nosotros y nuestros socios guardamos información en tu dispositivo, como las cookies, para mostrarte anuncios adecuados.", "Aceptar todo"),
        ("Clínica del Arroyo", "Quiénes somos", "Servicios", "Consejos", "Pedir cita", "Inicio > Consejos > Riñón"),
        "UROLOGÍA",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", COPIED)
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["tight", "loose"])
def test_the_title_of_a_copied_page_is_found_below_banner_house_and_menu(language, gap):
    banner, house, kicker = COPIED[language]
    told = ARTICLES[language]

    found = read(written(told, above=(*banner, *house, kicker), below=(told.byline,), gap=gap))

    assert found.title == told.title
    assert set(left_out(found)) >= {*banner, *house, kicker}


@LANGUAGES
@pytest.mark.parametrize("bullet", ["", "- ", "• "])
def test_a_table_of_contents_is_no_section(told, bullet):
    contents = (told.contents, *(bullet + heading for heading, _ in told.sections))

    found = read(written(told, below=contents))

    assert headings(found) == [heading for heading, _ in told.sections]
    assert len(left_out(found)) >= len(told.sections)


@LANGUAGES
def test_what_stands_after_the_sources_is_neither_source_nor_section(told):
    found = read(written(told, tail=told.tail))

    assert [part.text for part in found.of(Role.SOURCE)] == list(told.sources)
    assert headings(found) == [heading for heading, _ in told.sections]
    assert set(left_out(found)) >= set(told.tail)


TEMPLATES = {
    "en": ("Gout", "What is gout?", "What causes gout?", "How is gout treated?"),
    "de": ("Gicht", "Was ist Gicht?", "Wie entsteht Gicht?", "Wie wird Gicht behandelt?"),
    "es": ("Gota", "¿Qué es la gota?", "¿Qué causa la gota?", "¿Cómo se trata la gota?"),
}


@pytest.mark.parametrize(("told", "questions"), [(ARTICLES[each], asked) for each, asked in TEMPLATES.items()])
def test_a_question_that_comes_twice_opens_a_section_each_time(told, questions):
    title, first, second, third = questions
    asked = [first, second, first, third, second]
    texts = [told.opening, *(text for _, text in told.sections)]
    parts = [part for pair in zip(asked, texts, strict=True) for part in pair]

    found = read("\n\n".join([title, *parts]))

    assert headings(found) == asked


@LANGUAGES
def test_a_long_list_of_authors_between_two_sources_is_a_source(told):
    authors = ", ".join(f"{chr(65 + number % 26)}uthor {chr(65 + number % 7)}" for number in range(90))
    sources = (told.sources[0], f"{authors}. The stones of ninety authors. J Stones. 2019;4:1-9.", *told.sources[1:])

    found = read(written(replace(told, sources=sources)))

    assert [part.text for part in found.of(Role.SOURCE)] == list(sources)


@pytest.mark.parametrize("line", ["Ten questions about dialysis", "Categories: Kidney | Urology | Pain"])
def test_a_list_with_markers_ends_with_them(line):
    told = ARTICLES["en"]
    listed = tuple(f"{number}. {text}" for number, text in enumerate(told.sources, start=1))

    found = read(written(replace(told, sources=listed), tail=(line,)))

    assert [part.text for part in found.of(Role.SOURCE)] == list(listed)


@LANGUAGES
@pytest.mark.parametrize(
    "lines",
    [
        ("Example Institute – Stones in the urinary tract", "House of Health: Drinking enough"),
        ("Example Institute, 12 Elm Road, 555-010-1234, www.example.org", "House of Health, 555-010-9876, www.example.net"),
        ("Kim et al. (2019) found the same in a small trial, and so did others (Roth et al., 2020; Lee et al., 2021).",),
    ],
    ids=["titles", "telephones", "findings"],
)  # fmt: skip
def test_lines_like_sources_among_the_sections_are_none(told, lines):
    found = read(written(told, between=lines))

    assert [part.text for part in found.of(Role.SOURCE)] == list(told.sources)
    assert not [line for line in lines if line.endswith(".") and line in left_out(found)]


@pytest.mark.parametrize(
    ("language", "footer"),
    [
        ("en", ("This feature appeared in the Winter issue.", "Tagged: stones, kidneys, drinking")),
        ("de", ("Über die Autorin: Ada Linden ist Ärztin in Kassel.", "Vorheriger Beitrag: Der Husten, der blieb")),
        ("es", ("Temas: Riñón · Dolor · Salud", "Esta página se editó por última vez el 9 de febrero de 2023.")),
    ],
)
def test_a_footer_in_the_form_of_a_source_is_none(language, footer):
    told = ARTICLES[language]

    found = read(written(told, tail=footer))

    assert [part.text for part in found.of(Role.SOURCE)] == list(told.sources)


@pytest.mark.parametrize("told", [ARTICLES["de"], ARTICLES["en"]], ids=["de", "en"])
def test_an_offer_in_the_middle_is_a_call_to_action_and_the_section_goes_on_before_the_next(told):
    found = read(written(told, between=(told.offer,)))

    calls = [part.text for part in found.sections if part.kind is SectionKind.CTA]
    assert calls == [told.offer]
    assert headings(found) == [heading for heading, _ in told.sections]


@LANGUAGES
def test_a_text_without_headings_is_divided_where_its_subject_changes(told):
    text = "\n\n".join([told.title, told.opening, *(text for _, text in told.sections)])

    found = read(text)

    assert len(found.sections) >= 3
    assert any("No headings were found" in warning for warning in found.warnings)


@LANGUAGES
def test_a_sentence_between_paragraphs_is_never_left_out(told):
    sentence = told.sections[0][1].split(". ")[0] + "."

    found = read(written(told, between=(sentence,)))

    assert sentence not in left_out(found)


@pytest.mark.parametrize(
    ("language", "caption"),
    [
        ("en", "A doctor pointing at a model of the kidney. Photo: Brook Lane Clinic"),
        ("de", "Eine Ärztin zeigt auf das Modell einer Niere. Foto: Klinik am Bach"),
        ("es", "Una médica señala un modelo del riñón. Foto: Clínica del Arroyo"),
    ],
)
def test_the_line_that_describes_a_picture_becomes_its_alternative_text(language, caption):
    told = ARTICLES[language]

    assert read(written(told, below=(caption,))).hero_alt == caption
