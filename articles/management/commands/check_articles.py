"""`manage.py check_articles [SLUG …]`: runs the checks on the latest drafts. Data go to stdout, progress to stderr."""

import json
import shutil
import sys
import textwrap
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from articles.authoring.models import ArticlePage
from articles.checks import engine
from articles.checks.finding import Finding, Severity
from articles.document.draft import Draft
from articles.document.gather import gather, gather_page
from articles.document.render import render
from articles.errors import NotRepresentable

USAGE = 2
MANY = 20
WIDTH = 100
INDENT = 12  # the widest severity, and two spaces on both sides
STYLES = {Severity.BLOCKING: "ERROR", Severity.WARNING: "WARNING", Severity.ADVICE: "NOTICE"}
MALFORMED = (LookupError, TypeError, ValueError, AttributeError)  # stored JSON that is not of the form Wagtail writes


class Command(BaseCommand):
    help = "Check the latest drafts of articles. Exit: 0 no blocking finding, 1 a blocking finding, 2 usage error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="articles to check; default: all")
        parser.add_argument("--format", default="table", choices=["table", "json"], help="for people or for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        pages = get_pages(options["slugs"])
        progress = tqdm(pages, file=sys.stderr, unit="article", disable=None if len(pages) > MANY else True)
        checked = [(page, check(page)) for page in progress]
        self.stdout.write(as_json(checked) if options["format"] == "json" else self.table(checked))
        if blocked := sum(is_blocked(findings) for _, findings in checked):
            raise CommandError(f"Blocking findings in {count(blocked, 'article')}.", returncode=1)

    def table(self, checked: list[tuple[ArticlePage, list[Finding]]]) -> str:
        """Each article with its findings; the counts come last."""
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
        lines = [line for page, findings in checked for line in self.article(page, findings, width)]
        return "\n".join([*lines, totals([findings for _, findings in checked])])

    def article(self, page: ArticlePage, findings: list[Finding], width: int) -> Iterator[str]:
        yield self.style.MIGRATE_HEADING(page.slug) + ("" if findings else "  no findings")
        for finding in findings:
            yield from self.finding(finding, width)
        yield ""

    def finding(self, finding: Finding, width: int) -> Iterator[str]:
        style = getattr(self.style, STYLES[finding.severity])
        first, *others = textwrap.wrap(finding.message, max(width - INDENT, 20)) or [""]
        yield f"  {style(f'{finding.severity:<8}')}  {first}"
        yield from (f"{'':{INDENT}}{line}" for line in others)
        yield f"{'':{INDENT}}{finding.code}  {finding.path}".rstrip()


def get_pages(slugs: list[str]) -> QuerySet[ArticlePage]:
    """The articles with these slugs, in every language; without slugs, all. An unknown slug is a usage error."""
    pages = ArticlePage.objects.select_related("latest_revision").order_by("slug", "pk")
    if not slugs:
        return pages
    found = pages.filter(slug__in=slugs)
    if absent := sorted(set(slugs) - {page.slug for page in found}):
        raise CommandError(f"There is no article {', '.join(absent)}. Check the slug.", returncode=USAGE)
    return found


def check(page: ArticlePage) -> list[Finding]:
    """The findings. A draft that cannot be read or stored exactly is a finding, too, and stops no other article."""
    try:
        draft = gather(page.latest_revision) if page.latest_revision else gather_page(page)
        refused = list(unrepresentable(draft))
    except MALFORMED as error:
        message = f"Open the article and save it again: its draft cannot be read ({type(error).__name__}: {error})."
        return [blocking("unreadable_draft", message)]
    return [*refused, *engine.run(draft)]


def unrepresentable(draft: Draft) -> Iterator[Finding]:
    """Text without a canonical form, which submission would refuse, too."""
    try:
        render(draft)
    except NotRepresentable as error:
        yield blocking("not_representable", str(error))


def blocking(code: str, message: str) -> Finding:
    return Finding(Severity.BLOCKING, "", message, code=code, source="Design, section 5 (canonical form)")


def is_blocked(findings: list[Finding]) -> bool:
    return any(finding.severity == Severity.BLOCKING for finding in findings)


def as_json(checked: list[tuple[ArticlePage, list[Finding]]]) -> str:
    """{"articles": [{"id": UUID, "slug": …, "findings": [{code, severity, path, message, source}]}]}."""
    rows = [
        {"id": str(page.article_id), "slug": page.slug, "findings": [row(finding) for finding in findings]}
        for page, findings in checked
    ]
    return json.dumps({"articles": rows}, ensure_ascii=False, indent=2)


def row(finding: Finding) -> dict[str, str]:
    values = asdict(finding)
    return {name: str(values[name]) for name in ("code", "severity", "path", "message", "source")}


def totals(checked: list[list[Finding]]) -> str:
    counts = Counter(finding.severity for findings in checked for finding in findings)
    warnings = count(counts[Severity.WARNING], "warning")
    found = f"{counts[Severity.BLOCKING]} blocking, {warnings}, {counts[Severity.ADVICE]} advice"
    return f"{count(len(checked), 'article')} checked: {found}."


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
