"""Pictures that were added to a run beside its texts: kept with the run, and found when a draft is made."""

from collections.abc import Sequence

from django.utils import timezone

from articles.intake.beside import addresses_without_picture, find_path, name_of, read_pictures
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
        SentPicture.objects.create(
            run=file.run, file=file, path=path, name=name_of(picture.name)[-255:], data=picture.data
        )
        ImportRun.objects.filter(pk=file.run_id).update(beat_at=timezone.now())
        known.add(path)
    return len(known)


def sent_pictures(run: ImportRun, outline: Outline, pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """The pictures of the article that lie beside it: {name: its address in the text}."""
    found = _found(run, addresses_without_picture(outline, pictures))
    data = dict(SentPicture.objects.filter(pk__in=found.values()).values_list("pk", "data")) if found else {}
    return tuple(Picture(address, bytes(data[key])) for address, key in found.items())


def renew_drafts(run: ImportRun) -> None:
    """Drafts that were made before their pictures came are made again, where nobody has touched them."""
    rows = run.articles.filter(state__in=(ArticleState.DRAFTED, ArticleState.UPDATED)).prefetch_related("pictures")
    late = [
        row.pk
        for row in rows.defer("original", "blocks").iterator(100)
        if _found(run, addresses_without_picture(read_outline(row.shown), _named(row)))
    ]
    ImportedArticle.objects.filter(pk__in=late).update(state=ArticleState.STALE)


def _named(row: ImportedArticle) -> list[Picture]:
    return [Picture(each.name, b"") for each in row.pictures.all()]


def _found(run: ImportRun, addresses: Sequence[str]) -> dict[str, int]:
    """{address: key of its picture}."""
    names = {name_of(address)[-255:]: address for address in addresses}
    rows = SentPicture.objects.filter(run=run, name__in=names).values_list("name", "path", "pk") if names else ()
    paths: dict[str, dict[str, int]] = {}
    for name, path, key in rows:
        paths.setdefault(name, {})[path] = key
    found = {}
    for address in addresses:
        known = paths.get(name_of(address)[-255:], {})
        if path := find_path(address, known):
            found[address] = known[path]
    return found
