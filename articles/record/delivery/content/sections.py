"""A section's complete rendering as HTML, for clients that do not know its kind. Pure.

It contains every word of the section; fixed words are in the article's language (articles.record.words). An offer that
is limited to markets is left out: whoever shows this HTML may not know where the reader is.
"""

from collections.abc import Iterable
from typing import Any

from django.conf.locale import LANG_INFO

from articles.record import words
from articles.record.delivery.content.portable_text import Shown, citation_html, section_key, text_as_html, to_html
from articles.record.delivery.content.section_media import figure_html, offer_html, references_html, table_html
from articles.record.vocabulary import SectionKind

Json = dict[str, Any]


def section_html(section: Json, shown: Shown, *, references: list[Json]) -> str:
    """`<section class="section section-risks" id="section-…" lang="en">…</section>` of a composed section (portable
    form)."""
    kind, language = text_as_html(section["kind"]), text_as_html(shown.language)
    heading = f"<h2>{text_as_html(section['heading'])}</h2>" if section["heading"] else ""
    inside = heading + to_html(section["text"], shown) + _more(section, shown, references)
    place = f'class="section section-{kind}" id="{section_key(section["id"])}"'
    return f'<section {place} lang="{language}"{_direction(language)}>{inside}</section>'


def _direction(language: str) -> str:
    is_rtl = LANG_INFO.get(words.base(language), {}).get("bidi")
    return ' dir="rtl"' if is_rtl else ""


def _more(section: Json, shown: Shown, references: list[Json]) -> str:
    """The HTML of the kind's own fields, after heading and text."""
    match section["kind"]:
        case SectionKind.CAUSES:
            return _list(_cause(item, shown) for item in section["items"])
        case SectionKind.MECHANISM:
            return _list((_step(step, shown) for step in section["steps"]), tag="ol") + figure_html(section["figure"])
        case SectionKind.EVIDENCE:
            return "".join(_finding(finding, shown) for finding in section["findings"])
        case SectionKind.RISKS:
            return _risks(section, shown)
        case SectionKind.SEEK_HELP:
            return _help(section, shown)
        case SectionKind.FAQ:
            return "".join(_question(item, shown) for item in section["items"])
        case SectionKind.FIGURE:
            return figure_html(section["figure"])
        case SectionKind.TABLE:
            return table_html(section["table"])
        case SectionKind.CTA if section["offer"] and not section["offer"]["scope"]["markets"]:
            return offer_html(section["offer"])
        case SectionKind.SOURCES:
            return references_html([row for row in references if row["number"] in section["references"]], shown)
    return ""


def _cause(item: Json, shown: Shown) -> str:
    """The codes stand behind the sentence, which they would break."""
    codes = "".join(_code(row, shown) for row in item["codes"])
    return f"<strong>{text_as_html(item['name'])}</strong>{_sentence(item['text'])}{_cited(item, shown)}{codes}"


def _code(code: Json, shown: Shown) -> str:
    words = f" ({text_as_html(code['display'])})" if code["display"] else ""
    return f" <code>{shown.word('code-system', code['system'])} {text_as_html(code['code'])}</code>{words}"


def _step(step: Json, shown: Shown) -> str:
    action = words.label("mechanism-action", step["action"], shown.language) if step["action"] else words.Word("", "")
    action = action._replace(text=action.text[:1].upper() + action.text[1:])
    said = f"{action.in_html(shown.language)} <strong>{text_as_html(step['target'])}</strong>".strip()
    return f"{said}{_sentence(step['outcome'])}{_cited(step, shown)}"


def _finding(finding: Json, shown: Shown) -> str:
    facts = [
        ("studied-in", shown.word("subjects", finding["subjects"])),
        ("population", text_as_html(finding["population"])),
        ("sample-size", str(finding["sample_size"] or "")),
        ("effect", text_as_html(finding["effect"])),
        ("comparator", text_as_html(finding["comparator"])),
        ("absolute", text_as_html(finding["absolute"])),
        ("certainty-basis", shown.word("certainty-basis", finding["certainty_basis"])),
    ]
    css = text_as_html(finding["certainty"] or "")
    certainty = f'<p class="certainty certainty-{css}">{shown.word("certainty", finding["certainty"])}</p>'
    statement = f"<p><strong>{text_as_html(finding['statement'])}</strong>{_cited(finding, shown)}</p>"
    return f'<article class="finding">{statement}{certainty}{_facts(facts, shown)}</article>'


def _risks(section: Json, shown: Shown) -> str:
    lists = {"side-effects": "effects", "who-should-be-careful": "cautions", "interactions": "interactions"}
    render = {"effects": _effect, "cautions": _caution, "interactions": _interaction}
    return "".join(
        f"<h3>{shown.sentence(title)}</h3>{_list(render[name](item, shown) for item in section[name])}"
        for title, name in lists.items()
        if section[name]
    )


def _effect(effect: Json, shown: Shown) -> str:
    facts = "; ".join(filter(None, (shown.word(name, effect[name]) for name in ("frequency", "severity", "route"))))
    return f"<strong>{text_as_html(effect['name'])}</strong>: {facts}{_cited(effect, shown)}"


def _caution(caution: Json, shown: Shown) -> str:
    level = shown.word("caution-level", caution["level"])
    said = f"<strong>{text_as_html(caution['group'])}</strong>: {level}"
    return f"{said}{_sentence(caution['advice'])}{_cited(caution, shown)}"


def _interaction(item: Json, shown: Shown) -> str:
    return f"<strong>{text_as_html(item['name'])}</strong>{_sentence(item['advice'])}{_cited(item, shown)}"


def _help(section: Json, shown: Shown) -> str:
    css = text_as_html(section["level"] or "")
    said = shown.word("help-level", section["level"])
    level = f'<p class="help-level help-level-{css}">{said}</p>' if said else ""
    action = f"<p><strong>{text_as_html(section['action'])}</strong></p>" if section["action"] else ""
    return level + _list(map(text_as_html, section["signs"])) + action


def _question(item: Json, shown: Shown) -> str:
    return f"<h3>{text_as_html(item['question'])}</h3>{to_html(item['answer'], shown)}"


def _list(rows: Iterable[str], *, tag: str = "ul") -> str:
    items = "".join(f"<li>{row}</li>" for row in rows)
    return f"<{tag}>{items}</{tag}>" if items else ""


def _facts(facts: list[tuple[str, str]], shown: Shown) -> str:
    rows = "".join(f"<dt>{shown.sentence(name)}</dt><dd>{value}</dd>" for name, value in facts if value)
    return f"<dl>{rows}</dl>" if rows else ""


def _sentence(text: str) -> str:
    return f". {text_as_html(text)}" if text else ""


def _cited(item: Json, shown: Shown) -> str:
    return citation_html([citation["reference"] for citation in item["citations"]], shown)
