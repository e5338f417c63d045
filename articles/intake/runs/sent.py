"""Pictures that were added to a run beside its texts: kept with the run, and found when a draft is made."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from articles.intake.beside import find_beside, name_of, read_pictures, without_picture
from articles.intake.models import ImportedArticle, ImportFile, ImportRun, SentPicture
from articles.intake.outline import Outline, Picture
from articles.intake.outline_json import read_outline
from articles.intake.states import ArticleState

MAX_PATH = 1_000


def keep_pictures(file: ImportFile, data: bytes) -> int:
    """Store the pictures of a file, without those that are there already. How many it has. Raises Unreadable."""
    known = set(file.sent.values_list("path", flat=True))
    for picture in read_pictures(file.name, data, without=known):
        path = picture.name[-MAX_PATH:]
        SentPicture.objects.create(run=file.run, file=file, path=path, name=name_of(picture.name), data=picture.data)
        ImportRun.objects.filter(pk=file.run_id).update(beat_at=timezone.now())
        known.add(path)
    return len(known)


def sent_pictures(run: ImportRun, outline: Outline, pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """The pictures of the article that lie beside it: {name: its address in the text}."""
    missing = without_picture(outline, pictures)
    if not missing:
        return ()
    found = find_beside(missing, _files(run, {name_of(block.picture) for block in missing}))
    data = dict(SentPicture.objects.filter(pk__in=found.values()).values_list("pk", "data")) if found else {}
    return tuple(Picture(address, bytes(data[key])) for address, key in found.items())


def renew_drafts(run: ImportRun) -> None:
    """Drafts that were made before their pictures came are made again, where nobody has touched them."""
    written = (ArticleState.DRAFTED, ArticleState.UPDATED)
    rows = run.articles.filter(state__in=written, lacking__gt=0).defer("original", "blocks")
    files = _files(run) if rows.exists() else {}
    late = [row.pk for row in rows.prefetch_related("pictures").iterator(100) if _lacking(row, files) < row.lacking]
    ImportedArticle.objects.filter(pk__in=late).update(state=ArticleState.STALE)


def _lacking(row: ImportedArticle, files: Mapping[str, Mapping[str, int]]) -> int:
    """How many pictures a draft of the article would lack now."""
    missing = without_picture(read_outline(row.shown), [Picture(each.name, b"") for each in row.pictures.all()])
    found = find_beside(missing, files)
    return sum(block.picture not in found for block in missing)


def _files(run: ImportRun, names: Iterable[str] | None = None) -> dict[str, dict[str, int]]:
    """{name: {path: key}} of the pictures of the run, all of them or those with these names."""
    rows = SentPicture.objects.filter(run=run) if names is None else SentPicture.objects.filter(run=run, name__in=names)
    found: dict[str, dict[str, int]] = {}
    for name, path, key in rows.values_list("name", "path", "pk"):
        found.setdefault(name, {})[path] = key
    return found
