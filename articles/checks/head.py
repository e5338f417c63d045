"""Has the article what lists, search results and its address need, and may what stands around it be published?"""

from collections.abc import Iterator

from articles.authoring.page_form import LIMITS
from articles.checks.finding import Finding, Severity
from articles.checks.places import as_text
from articles.document.draft import Draft
from articles.record.vocabulary import AiUse


def title_missing(draft: Draft) -> Iterator[Finding]:
    """Nothing to call the article by. Source: WCAG 2.2, success criterion 2.4.2 (page titled)."""
    if not as_text(draft.title):
        yield Finding(Severity.BLOCKING, "title", "Give the article a title.")


def title_too_long(draft: Draft) -> Iterator[Finding]:
    """Lists and search results cut it. Source: ONS and GOV.UK content guides (65 characters); ours is 100."""
    if (length := len(as_text(draft.title))) > LIMITS["title"]:
        yield Finding(Severity.WARNING, "title", f"Shorten the title to {LIMITS['title']} characters; it has {length}.")


def summary_missing(draft: Draft) -> Iterator[Finding]:
    """Lists and search results would show a title alone. Source: DISCERN, question 1 (aims are clear)."""
    if not as_text(draft.summary):
        yield Finding(Severity.BLOCKING, "summary", "Write a summary: the main message in one or two sentences.")


def summary_too_long(draft: Draft) -> Iterator[Finding]:
    """More than the page can keep and the API promises. Source: the field's limit, ArticlePage.summary."""
    if (length := len(as_text(draft.summary))) > LIMITS["summary"]:
        message = f"Shorten the summary to {LIMITS['summary']} characters; it has {length}."
        yield Finding(Severity.BLOCKING, "summary", message)


def ai_use_not_declared(draft: Draft) -> Iterator[Finding]:
    """Readers cannot know how the text was made. Source: design, section 4 (AI use is declared, not guessed)."""
    if not draft.ai_use:
        yield Finding(Severity.ADVICE, "ai_use", "Say how AI tools were used for this text, or that none were.")
    elif draft.ai_use != AiUse.NONE and not draft.ai_tool:
        yield Finding(Severity.ADVICE, "ai_use", "Name the AI tool that was used.")
    elif draft.ai_use == AiUse.NONE and draft.ai_tool:
        message = f"You name an AI tool ({draft.ai_tool}) and say that none was used. Correct one of the two."
        yield Finding(Severity.WARNING, "ai_use", message)


def search_text_too_long(draft: Draft) -> Iterator[Finding]:
    """Search engines cut it. Source: GOV.UK, content design (titles of 65 characters, summaries of 160)."""
    for name, text, what in (
        ("seo_title", draft.seo_title, "title"),
        ("search_description", draft.seo_description, "description"),
    ):
        if (length := len(as_text(text))) > LIMITS[name]:
            message = f"Shorten the {what} for search engines to {LIMITS[name]} characters; it has {length}."
            yield Finding(Severity.ADVICE, name, message)


def slug_taken(draft: Draft) -> Iterator[Finding]:
    """Another article of this language has this address, or had it before, in whatever case: publishing would refuse.
    Source: design, section 7 (one address leads to one article)."""
    if draft.slug_is_taken:
        message = f"Choose another slug: “{draft.slug}” is or was the address of another article."
        yield Finding(Severity.BLOCKING, "slug", message)


def disclaimer_not_signed(draft: Draft) -> Iterator[Finding]:
    """A disclaimer that no clinician has signed yet, or that was withdrawn: publishing would refuse.
    Source: design, section 6 (a disclaimer needs one clinician)."""
    for disclaimer in draft.disclaimers:
        if not disclaimer.is_published:
            message = f"Have the disclaimer “{disclaimer.name}” signed, or remove it: the article waits for it."
            yield Finding(Severity.WARNING, "disclaimers", message)


CHECKS = (
    title_missing,
    title_too_long,
    summary_missing,
    summary_too_long,
    ai_use_not_declared,
    search_text_too_long,
    slug_taken,
    disclaimer_not_signed,
)
