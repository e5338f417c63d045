"""Later exports: which earlier import an article continues, and whether somebody touched its draft since."""

from articles.authoring.models import ArticlePage
from articles.intake.models import ImportedArticle
from articles.intake.outline_json import digest
from articles.intake.states import ArticleState
from articles.record.models import SignOff


def note_earlier(article: ImportedArticle) -> None:
    """Say in the row what making its draft would come to; unsaved. It is decided again when the draft is made."""
    article.earlier = find_earlier(article)
    if article.earlier is None:
        return
    article.draft = article.earlier.draft
    if is_same(article, article.earlier):
        article.state = ArticleState.UNCHANGED
    elif not is_untouched(article.earlier.draft):
        article.state = ArticleState.CONFLICT


def find_earlier(article: ImportedArticle) -> ImportedArticle | None:
    """The last row of another run for the same article, if its draft is still there: same key, or same address."""
    rows = ImportedArticle.objects.exclude(run=article.run_id).exclude(state=ArticleState.CONFLICT)
    rows = rows.filter(draft__isnull=False).order_by("-pk")
    named = {name: value for name in ("key", "address") if (value := getattr(article, name))}
    keys = (rows.filter(**{name: value}).values_list("pk", flat=True).first() for name, value in named.items())
    found = next((key for key in keys if key), None)
    if found is None:
        return None
    return ImportedArticle.objects.select_related("draft").defer("original").get(pk=found)


def is_same(article: ImportedArticle, earlier: ImportedArticle) -> bool:
    """Whether the export says what it said before: the same bytes, or the same text and title."""
    if article.sha256 == earlier.sha256:
        return True
    return article.blocks == earlier.blocks and article.origin.get("slug") == earlier.origin.get("slug")


def is_untouched(page: ArticlePage | None) -> bool:
    """Whether the draft is what an import wrote last: nobody saved, submitted, signed or locked it since."""
    if page is None or page.live or page.locked or page.workflow_in_progress:
        return False
    if SignOff.objects.filter(subject=page.article_id).exists():
        return False
    written = last_written(page)
    revision = page.latest_revision
    if written is None or revision is None or revision.pk != written.revision:
        return False
    return digest(revision.content) == written.revision_sha256


def last_written(page: ArticlePage) -> ImportedArticle | None:
    """The row that wrote the draft last."""
    rows = ImportedArticle.objects.filter(draft=page).exclude(revision=None).defer("original", "blocks")
    return rows.order_by("-revision", "-pk").first()
