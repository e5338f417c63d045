"""Is the text whole, in sections that can be saved? Introduction, risks, their headings and their choices."""

from collections.abc import Iterator

from articles.authoring.blocks.article import MAX_FIELDS, MAX_ITEMS, MAX_SECTIONS, ArticleBody
from articles.checks.content import SUBHEADING, empty_subheadings, has_content
from articles.checks.finding import Finding, Severity
from articles.checks.places import (
    LISTS,
    Place,
    as_text,
    citations,
    field,
    name_of,
    path_of,
    plain_text,
    rich_texts,
    rows,
)
from articles.document import stored
from articles.document.draft import Draft, Section
from articles.document.render import MUST_SHOW
from articles.record.vocabulary import ArticleType, Aspect, SectionKind

TREATING_TYPES = {ArticleType.TREATMENT, ArticleType.MEDICINE, ArticleType.SUPPLEMENT, ArticleType.TEST}
TREATING_KINDS = {SectionKind.EVIDENCE, SectionKind.MECHANISM}
TREATING_ASPECTS = {Aspect.TREATMENT, Aspect.DOSAGE}
MOST_OF_KIND = {stored.kind_of(name): count["max_num"] for name, count in ArticleBody().meta.block_counts.items()}
# {kind: {list, or "" for the section itself: {field that starts empty: what it says}}}
TO_CHOOSE: dict[str, dict[str, dict[str, str]]] = {
    SectionKind.MECHANISM: {"steps": {"action": "what it does to the target"}},
    SectionKind.EVIDENCE: {"findings": {"subjects": "who or what was studied", "certainty": "how certain it is"}},
    SectionKind.RISKS: {
        "effects": {"frequency": "how often it happens"},
        "cautions": {"level": "whether to avoid it or to seek advice"},
    },
    SectionKind.SEEK_HELP: {"": {"level": "how soon readers should act"}},
}
OF_EACH_BLOCK = 4  # fields of its own: type, order, id, deleted
FILLED_ELSEWHERE = {SectionKind.CTA, SectionKind.SOURCES, SectionKind.FIGURE}  # offer, references, picture


def unknown_block(draft: Draft) -> Iterator[Finding]:
    """A block that this version would drop in silence. Source: design, section 9, trap 7."""
    for section in draft.sections:
        if not section.is_known:
            message = f"Update Vetted, or remove the block “{section.kind}”. This version would delete it."
            yield Finding(Severity.BLOCKING, path_of(section), message)


def no_introduction(draft: Draft) -> Iterator[Finding]:
    """Readers are not told what this is about and for whom. Source: DISCERN, question 1 (aims are clear)."""
    if not any(has_content(section) for section in draft.of_kind(SectionKind.INTRODUCTION)):
        message = "Write an introduction: what the article is about, for whom, and the main message."
        yield Finding(Severity.BLOCKING, _path_of_kind(draft, SectionKind.INTRODUCTION), message)


def no_risks_section(draft: Draft) -> Iterator[Finding]:
    """Benefits without harms: blocking where the article is about something that one takes or undergoes,
    else a warning. Source: DISCERN, question 11 (risks of each treatment)."""
    if not any(has_content(section) for section in draft.of_kind(SectionKind.RISKS)):
        severity = Severity.BLOCKING if _is_about_treatment(draft) else Severity.WARNING
        message = "Write a risks section: who may be harmed, how often and how badly, and who must be careful."
        yield Finding(severity, _path_of_kind(draft, SectionKind.RISKS), message)


def heading_without_content(draft: Draft) -> Iterator[Finding]:
    """A heading with nothing below it. Source: WCAG 2.2, success criterion 2.4.6 (headings describe)."""
    for section in draft.sections:
        if section.is_known and section.kind not in FILLED_ELSEWHERE:
            yield from _headings(section)


def sources_without_heading(draft: Draft) -> Iterator[Finding]:
    """The list of references stands below nothing that says what it is. Source: WCAG 2.2, success criterion 2.4.10."""
    is_cited = any(each.sources for each in citations(draft))
    for section in draft.of_kind(SectionKind.SOURCES):
        if (is_cited or field(section, "items")) and not as_text(field(section, "heading")):
            message = "Write a heading for the list of sources, for example “Sources”. A grey word is only an example."
            yield Finding(Severity.ADVICE, path_of(section, "heading"), message)


def heading_level_skipped(draft: Draft) -> Iterator[Finding]:
    """A subheading of the fourth level with none of the third before it in its text: those who listen to the page take
    it for a gap. Source: WCAG 2.2, success criterion 1.3.1; technique G141 (organizing a page using headings)."""
    for place in rich_texts(draft):
        first = next(SUBHEADING.finditer(place.value), None)
        if first and first[1] == "4":
            heading = plain_text(first[2])
            message = f"Make “{heading}” in {place.name} a larger heading (H3): it has none of that level above it."
            yield Finding(Severity.WARNING, place.path, message)


def must_show_without_heading(draft: Draft) -> Iterator[Finding]:
    """Risks, or when to seek help, without the heading by which readers find them.
    Source: design, section 4 (what every client must show); WCAG 2.2, success criterion 2.4.10 (section headings)."""
    for section in draft.of_kind(*MUST_SHOW):
        if has_content(section) and not as_text(field(section, "heading")):
            message = f"Write a heading for {name_of(section)}: readers look for this section."
            yield Finding(Severity.WARNING, path_of(section, "heading"), message)


def too_many_sections(draft: Draft) -> Iterator[Finding]:
    """More sections, or more of one kind, than the editor saves. Source: the limits of the editor, ArticleBody."""
    if (count := len(draft.sections)) > MAX_SECTIONS:
        message = f"Merge or remove sections: the article has {count}, and the editor saves at most {MAX_SECTIONS}."
        yield Finding(Severity.BLOCKING, "body", message)
    for kind, most in MOST_OF_KIND.items():
        for section in list(draft.of_kind(kind))[most:]:
            message = f"Merge {name_of(section)} with the other section of its kind: the editor saves only {most}."
            yield Finding(Severity.BLOCKING, path_of(section), message)


def too_many_fields(draft: Draft) -> Iterator[Finding]:
    """More fields than one form may send, or a list of more items than it takes: the editor could not save the article.
    Source: the limits of the editor, DATA_UPLOAD_MAX_NUMBER_FIELDS and ArticleBody."""
    for section in draft.sections:
        for name in LISTS.get(section.kind, {}):
            if (count := len(list(rows(section, name)))) > MAX_ITEMS:
                message = f"Shorten the list in {name_of(section)} to {MAX_ITEMS:,} items: it has {count:,}."
                yield Finding(Severity.BLOCKING, path_of(section, name), message)
    if (count := sum(map(_fields, draft.sections))) > MAX_FIELDS:
        message = f"Split the article: it has {count:,} fields, and the editor saves at most {MAX_FIELDS:,}."
        yield Finding(Severity.BLOCKING, "body", message)


def choice_missing(draft: Draft) -> Iterator[Finding]:
    """Nothing is chosen where only the author knows: how often, how certain, how soon. No default speaks for them.
    Source: design, section 4 (what each kind of section says)."""
    for section in filter(has_content, draft.of_kind(*TO_CHOOSE)):
        for name, fields in TO_CHOOSE[section.kind].items():
            whole = [Place(path_of(section), name_of(section), section.value)]
            for place in rows(section, name) if name else whole:
                for key in fields if isinstance(place.value, dict) else ():
                    if not as_text(place.value.get(key)):
                        message = f"Choose {fields[key]}, in {place.name}."
                        yield Finding(Severity.BLOCKING, f"{place.path}/{key}", message)


def _headings(section: Section) -> Iterator[Finding]:
    if not has_content(section):
        if as_text(field(section, "heading")) or plain_text(field(section, "text")):
            message = f"Add content under {name_of(section)}, or remove the section."
            yield Finding(Severity.BLOCKING, path_of(section), message)
        return
    for heading in empty_subheadings(section):
        message = f"Add content under “{heading}” in {name_of(section)}, or remove that heading."
        yield Finding(Severity.BLOCKING, path_of(section, "text"), message)


def _fields(value: object) -> int:
    """How many fields a form sends for a section, or for a value in it; a table is one."""
    if isinstance(value, Section):
        return OF_EACH_BLOCK + (1 if value.kind == SectionKind.TABLE else _fields(value.value))
    if isinstance(value, dict):
        return sum(map(_fields, value.values()))
    return 1 + sum(OF_EACH_BLOCK + _fields(item) for item in value) if isinstance(value, list) else 1


def _is_about_treatment(draft: Draft) -> bool:
    written = [section for section in draft.sections if has_content(section)]
    return (
        draft.article_type in TREATING_TYPES
        or bool(draft.substances)
        or any(section.kind in TREATING_KINDS for section in written)
        or any(as_text(field(section, "aspect")) in TREATING_ASPECTS for section in written)
    )


def _path_of_kind(draft: Draft, kind: str) -> str:
    """The empty section of that kind, if there is one, else the body."""
    return next((path_of(section) for section in draft.of_kind(kind)), "body")


CHECKS = (
    unknown_block,
    no_introduction,
    no_risks_section,
    heading_without_content,
    sources_without_heading,
    heading_level_skipped,
    must_show_without_heading,
    too_many_sections,
    too_many_fields,
    choice_missing,
)
