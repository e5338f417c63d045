"""Is the article whole, in sections that can be saved? Title, summary, introduction, risks, and their headings."""

from collections.abc import Iterator

from articles.authoring.blocks.article import MAX_SECTIONS, ArticleBody
from articles.checks.content import SUBHEADING, empty_subheadings, has_content
from articles.checks.finding import Finding, Severity
from articles.checks.places import as_text, field, name_of, path_of, plain_text, rich_texts
from articles.document import stored
from articles.document.draft import Draft, Section
from articles.document.render import MUST_SHOW
from articles.record.vocabulary import ArticleType, Aspect, SectionKind

TITLE_LIMIT = 100
SUMMARY_LIMIT = 300
TREATING_TYPES = {ArticleType.TREATMENT, ArticleType.MEDICINE, ArticleType.SUPPLEMENT, ArticleType.TEST}
TREATING_KINDS = {SectionKind.EVIDENCE, SectionKind.MECHANISM}
TREATING_ASPECTS = {Aspect.TREATMENT, Aspect.DOSAGE}
MOST_OF_KIND = {stored.kind_of(name): count["max_num"] for name, count in ArticleBody().meta.block_counts.items()}
FILLED_ELSEWHERE = {SectionKind.CTA, SectionKind.SOURCES, SectionKind.FIGURE}  # offer, references, picture


def title_missing(draft: Draft) -> Iterator[Finding]:
    """Nothing to call the article by. Source: WCAG 2.2, success criterion 2.4.2 (page titled)."""
    if not as_text(draft.title):
        yield Finding(Severity.BLOCKING, "title", "Give the article a title.")


def title_too_long(draft: Draft) -> Iterator[Finding]:
    """Lists and search results cut it. Source: ONS and GOV.UK content guides (65 characters); ours is 100."""
    if (length := len(as_text(draft.title))) > TITLE_LIMIT:
        yield Finding(Severity.WARNING, "title", f"Shorten the title to {TITLE_LIMIT} characters; it has {length}.")


def summary_missing(draft: Draft) -> Iterator[Finding]:
    """Lists and search results would show a title alone. Source: DISCERN 1 (aims are clear)."""
    if not as_text(draft.summary):
        yield Finding(Severity.BLOCKING, "summary", "Write a summary: the main message in one or two sentences.")


def summary_too_long(draft: Draft) -> Iterator[Finding]:
    """More than the page can keep and the API promises. Source: the field's limit, ArticlePage.summary."""
    if (length := len(as_text(draft.summary))) > SUMMARY_LIMIT:
        message = f"Shorten the summary to {SUMMARY_LIMIT} characters; it has {length}."
        yield Finding(Severity.BLOCKING, "summary", message)


def unknown_block(draft: Draft) -> Iterator[Finding]:
    """A block that this version would drop in silence. Source: design, section 9, trap 7."""
    for section in draft.sections:
        if not section.is_known:
            message = f"Update Vetted, or remove the block “{section.kind}”. This version would delete it."
            yield Finding(Severity.BLOCKING, path_of(section), message)


def no_introduction(draft: Draft) -> Iterator[Finding]:
    """Readers are not told what this is about and for whom. Source: DISCERN 1 (aims are clear)."""
    if not any(has_content(section) for section in draft.of_kind(SectionKind.INTRODUCTION)):
        message = "Write an introduction: what the article is about, for whom, and the main message."
        yield Finding(Severity.BLOCKING, _path_of_kind(draft, SectionKind.INTRODUCTION), message)


def no_risks_section(draft: Draft) -> Iterator[Finding]:
    """Benefits without harms: blocking where the article is about something that one takes or undergoes,
    else a warning. Source: DISCERN 11 (risks of each treatment)."""
    if not any(has_content(section) for section in draft.of_kind(SectionKind.RISKS)):
        severity = Severity.BLOCKING if _is_about_treatment(draft) else Severity.WARNING
        message = "Write a risks section: who may be harmed, how often and how badly, and who must be careful."
        yield Finding(severity, _path_of_kind(draft, SectionKind.RISKS), message)


def heading_without_content(draft: Draft) -> Iterator[Finding]:
    """A heading with nothing below it. Source: WCAG 2.2, success criterion 2.4.6 (headings describe)."""
    for section in draft.sections:
        if section.is_known and section.kind not in FILLED_ELSEWHERE:
            yield from _headings(section)


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


def _headings(section: Section) -> Iterator[Finding]:
    if not has_content(section):
        if as_text(field(section, "heading")) or plain_text(field(section, "text")):
            message = f"Add content under {name_of(section)}, or remove the section."
            yield Finding(Severity.BLOCKING, path_of(section), message)
        return
    for heading in empty_subheadings(section):
        message = f"Add content under “{heading}” in {name_of(section)}, or remove that heading."
        yield Finding(Severity.BLOCKING, path_of(section, "text"), message)


def _is_about_treatment(draft: Draft) -> bool:
    return (
        draft.article_type in TREATING_TYPES
        or bool(draft.substances)
        or any(section.kind in TREATING_KINDS for section in draft.sections)
        or any(as_text(field(section, "aspect")) in TREATING_ASPECTS for section in draft.of_kind(SectionKind.PROSE))
    )


def _path_of_kind(draft: Draft, kind: str) -> str:
    """The empty section of that kind, if there is one, else the body."""
    return next((path_of(section) for section in draft.of_kind(kind)), "body")


CHECKS = (
    title_missing,
    title_too_long,
    summary_missing,
    summary_too_long,
    unknown_block,
    no_introduction,
    no_risks_section,
    heading_without_content,
    heading_level_skipped,
    must_show_without_heading,
    too_many_sections,
)
