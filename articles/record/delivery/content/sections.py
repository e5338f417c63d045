"""A section's complete rendering as HTML, for clients that do not know its kind. Pure.

It contains every word of the section; labels of closed lists are added from the vocabulary.
"""

from typing import Any

from django.db.models import TextChoices

from articles.record.delivery.content.portable_text import Address, citation_html, section_key, text_as_html, to_html
from articles.record.delivery.content.section_media import figure_html, offer_html, references_html, table_html
from articles.record.vocabulary import (
    CautionLevel,
    Certainty,
    CertaintyBasis,
    Frequency,
    HelpLevel,
    MechanismAction,
    Route,
    SectionKind,
    Severity,
    Subjects,
)

Json = dict[str, Any]


def section_html(section: Json, *, address: Address, references: list[Json]) -> str:
    """`<section class="section section-risks" id="section-…">…</section>` of a composed section (portable form)."""
    kind = text_as_html(section["kind"])
    heading = f"<h2>{text_as_html(section['heading'])}</h2>" if section["heading"] else ""
    inside = heading + to_html(section["text"], address=address) + _more(section, address, references)
    return f'<section class="section section-{kind}" id="{section_key(section["id"])}">{inside}</section>'


def _more(section: Json, address: Address, references: list[Json]) -> str:
    """The HTML of the kind's own fields, after heading and text."""
    match section["kind"]:
        case SectionKind.CAUSES:
            return _list(section["items"], _cause)
        case SectionKind.MECHANISM:
            return _list(section["steps"], _step, tag="ol") + figure_html(section["figure"])
        case SectionKind.EVIDENCE:
            return "".join(map(_finding, section["findings"]))
        case SectionKind.RISKS:
            return _risks(section)
        case SectionKind.SEEK_HELP:
            return _help(section)
        case SectionKind.FAQ:
            return "".join(_question(item, address) for item in section["items"])
        case SectionKind.FIGURE:
            return figure_html(section["figure"])
        case SectionKind.TABLE:
            return table_html(section["table"])
        case SectionKind.CTA:
            return offer_html(section["offer"])
        case SectionKind.SOURCES:
            return references_html([row for row in references if row["number"] in section["references"]])
    return ""


def _cause(item: Json) -> str:
    codes = "".join(map(_code, item["codes"]))
    return f"<strong>{text_as_html(item['name'])}</strong>{codes}{_sentence(item['text'])}{_cited(item)}"


def _code(code: Json) -> str:
    words = f" ({text_as_html(code['display'])})" if code["display"] else ""
    return f" <code>{text_as_html(code['code'])}</code>{words}"


def _step(step: Json) -> str:
    action = label(MechanismAction, step["action"])
    said = f"{action[:1].upper()}{action[1:]} <strong>{text_as_html(step['target'])}</strong>"
    return f"{said}{_sentence(step['outcome'])}{_cited(step)}"


def _finding(finding: Json) -> str:
    facts = [
        ("Studied in", label(Subjects, finding["subjects"])),
        ("Who", finding["population"]),
        ("How many", str(finding["sample_size"] or "")),
        ("Effect", finding["effect"]),
        ("Compared with", finding["comparator"]),
        ("In numbers", finding["absolute"]),
        ("Certainty based on", label(CertaintyBasis, finding["certainty_basis"])),
    ]
    css, words = text_as_html(finding["certainty"] or ""), label(Certainty, finding["certainty"])
    certainty = f'<p class="certainty certainty-{css}">{words}</p>'
    statement = f"<p><strong>{text_as_html(finding['statement'])}</strong>{_cited(finding)}</p>"
    return f'<article class="finding">{statement}{certainty}{_facts(facts)}</article>'


def _risks(section: Json) -> str:
    effects = _titled("Side effects", _list(section["effects"], _effect))
    cautions = _titled("Who should be careful", _list(section["cautions"], _caution))
    return effects + cautions + _titled("Interactions", _list(section["interactions"], _interaction))


def _effect(effect: Json) -> str:
    facts = [label(Frequency, effect["frequency"]), label(Severity, effect["severity"]), label(Route, effect["route"])]
    return f"<strong>{text_as_html(effect['name'])}</strong>: {'; '.join(filter(None, facts))}{_cited(effect)}"


def _caution(caution: Json) -> str:
    level = label(CautionLevel, caution["level"])
    return f"<strong>{text_as_html(caution['group'])}</strong>: {level}{_sentence(caution['advice'])}{_cited(caution)}"


def _interaction(item: Json) -> str:
    return f"<strong>{text_as_html(item['name'])}</strong>{_sentence(item['advice'])}{_cited(item)}"


def _help(section: Json) -> str:
    level = (
        f'<p class="help-level help-level-{text_as_html(section["level"])}">{label(HelpLevel, section["level"])}</p>'
    )
    action = f"<p><strong>{text_as_html(section['action'])}</strong></p>" if section["action"] else ""
    return level + _list(section["signs"], text_as_html) + action


def _question(item: Json, address: Address) -> str:
    return f"<h3>{text_as_html(item['question'])}</h3>{to_html(item['answer'], address=address)}"


def _list(rows: list[Any], render, *, tag: str = "ul") -> str:
    items = "".join(f"<li>{render(row)}</li>" for row in rows)
    return f"<{tag}>{items}</{tag}>" if items else ""


def _titled(title: str, html: str) -> str:
    return f"<h3>{title}</h3>{html}" if html else ""


def _facts(facts: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{text_as_html(value)}</dd>" for name, value in facts if value)
    return f"<dl>{rows}</dl>" if rows else ""


def _sentence(text: str) -> str:
    return f". {text_as_html(text)}" if text else ""


def _cited(item: Json) -> str:
    return citation_html([citation["reference"] for citation in item["citations"]])


def label(choices: type[TextChoices], value: str | None) -> str:
    """The vocabulary's words for a value; an unknown one is shown as it is, none as nothing."""
    if value is None:
        return ""
    return text_as_html(choices(value).label if value in choices.values else value)
