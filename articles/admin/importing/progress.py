"""How far a run is: counted by its rows, so that it is true after a crash as well."""

from typing import Any

from django.db.models import Count, Q, Sum

from articles.intake.models import ImportedArticle, ImportFile, ImportRun
from articles.intake.runs.tasks import is_stalled
from articles.intake.states import BUSY, TO_DRAFT, WRITTEN, ArticleState, FileState, RunState

Json = dict[str, Any]


def progress_of(run: ImportRun) -> Json:
    """{state, label, done, total, percent, is_busy, is_stalled, sentence}. Three queries at most."""
    counts = ImportedArticle.objects.filter(run=run).aggregate(
        all=Count("pk"),
        to_draft=Count("pk", filter=Q(state__in=TO_DRAFT)),
        written=Count("pk", filter=Q(state__in=WRITTEN)),
        failed=Count("pk", filter=Q(state=ArticleState.FAILED)),
        undone=Count("pk", filter=Q(state__in=(ArticleState.UNDONE, ArticleState.LEFT))),
    )
    done, total = _done(run, counts)
    is_busy = run.state in BUSY
    return {
        "state": run.state,
        "label": run.get_state_display(),
        "done": done,
        "total": total,
        "percent": min(100, round(100 * done / total)) if total else 0 if is_busy else 100,
        "is_busy": is_busy,
        "is_stalled": is_stalled(run),
        "sentence": _sentence(run, done, total, counts),
    }


def _done(run: ImportRun, counts: Json) -> tuple[int, int]:
    if run.state == RunState.DRAFTING:
        to_do = counts["all"] - counts["failed"]
        return to_do - counts["to_draft"], to_do
    if run.state == RunState.UNDOING:
        return counts["undone"], counts["undone"] + counts["written"]
    waiting = ImportFile.objects.filter(run=run).aggregate(
        expected=Sum("expected", filter=Q(state=FileState.WAITING)),
        read=Count("articles", filter=Q(state=FileState.WAITING)),
    )
    missing = max(0, (waiting["expected"] or 0) - waiting["read"]) if run.state == RunState.READING else 0
    return counts["all"], counts["all"] + missing


def _sentence(run: ImportRun, done: int, total: int, counts: Json) -> str:
    match run.state:
        case RunState.READING:
            return f"{done:,} of about {total:,} articles are read."
        case RunState.DRAFTING:
            return f"{done:,} of {total:,} drafts are made."
        case RunState.UNDOING:
            return f"{done:,} of {total:,} drafts are undone."
    pictures = run.sent.count()
    told = f"{_counted(counts['all'], 'article')} in this import, {counts['failed']:,} failed."
    return f"{told} {_counted(pictures, 'picture')} came beside the texts." if pictures else told


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def sizes(runs: list[int]) -> dict[int, Json]:
    """{run: {all, to_draft, failed}} in one query."""
    rows = ImportedArticle.objects.filter(run__in=runs).order_by().values("run")
    rows = rows.annotate(
        all=Count("pk"),
        to_draft=Count("pk", filter=Q(state__in=TO_DRAFT)),
        failed=Count("pk", filter=Q(state=ArticleState.FAILED)),
    )
    return {row["run"]: dict(row) for row in rows}
