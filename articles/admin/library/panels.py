"""What forms of policies and people say of the row that is edited: how far it reaches, and whether it counts."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from wagtail.admin.panels import HelpPanel

from articles.authoring.people import Person
from articles.authoring.permissions import MAY_VOID
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.policies import changes, reach
from articles.sources.models import Source


class ReachPanel(HelpPanel):
    """To how many texts the policy applies, and how many people could sign today."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.content = format_html_join("", "<p>{}</p>", ((line,) for line in reach_of(self.instance)))


class ConfirmationPanel(HelpPanel):
    """Whether a second lead confirmed the person's roles, and where another lead does."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.content = format_html("<p>{}</p>", confirmation_of(self.instance))
            if self.instance.pk and self.instance.has_any_role and self.instance.confirmed_at is None:
                url = reverse("articles_confirm_person", args=[self.instance.pk])
                self.content += format_html(
                    '<p><a href="{}">Confirm these details as another medical lead</a></p>', url
                )
            if self.instance.user_id and self.request.user.has_perm(MAY_VOID):
                url = reverse("articles_void_since", args=[self.instance.user_id])
                self.content += format_html(
                    '<p><a href="{}">Void all sign-offs of this person since a date</a></p>', url
                )


class StatusPanel(HelpPanel):
    """When Crossref and PubMed were asked about a source, and what was decided about its status."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.content = format_html_join("", "<p>{}</p>", ((line,) for line in watched(self.instance)))


def watched(source: Source) -> Iterator[str]:
    """Sentences about a stored source."""
    if source.pk is None:
        return
    if not (source.doi or source.pmid):
        yield "Nobody can be asked whether this work still stands: it has no DOI or PMID. Look yourself now and then."
    elif source.answered_at is None:
        yield "Nobody has answered yet whether this work still stands."
    else:
        day = f"{localtime(source.answered_at):%-d %B %Y}"
        yield f"Crossref or PubMed were last asked on {day} whether this work still stands."
    if source.status_said_by:
        yield f"{source.get_status_said_by_display()} says: {source.get_status_display().lower()}."
    if source.decision:
        yield f"Decided: {source.get_decision_display().lower()}."


def reach_of(policy: Policy) -> list[str]:
    """As the policy is stored."""
    able = ", ".join(f"{count} as {Role(role).label.lower()}" for role, count in reach.signers_of(policy).items())
    people = f"People who can sign today: {able}."
    if policy.pk is None:
        return [people]
    count = reach.texts_under(policy)
    return [f"This policy applies to {count} {'text' if count == 1 else 'texts'}, including drafts.", people]


def confirmation_of(person: Person) -> str:
    if not person.has_any_role:
        return "This person has no signing role, so nothing needs confirming."
    line = changes.confirmation_of(person)
    if line is None:
        return "Not confirmed. This person cannot sign until another medical lead has confirmed these details."
    by = f"Confirmed by {line.actor.get('name', 'a former user')} on {line.at:%-d %B %Y}."
    return f"{by} A superuser confirmed it: {line.data['superuser']}" if "superuser" in line.data else by
