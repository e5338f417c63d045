"""Contributions from before pieces were remembered: the marks of what is stored still, and who wrote each piece.

Hashes are taken another way now. Whatever a stored revision, source or picture still says gets its new hash, so that
saving it unchanged is no contribution; what is gone keeps its old one, which no text has any more.
"""

from collections import defaultdict

from django.db import migrations

PARTS = {
    "articlepage": ("medical", "presentation", "note", "words"),
    "offer": ("offer",),
    "disclaimer": ("disclaimer",),
}


class Writers:
    """What revisions said, oldest first: `held` and `vouched` are {name: mark} by (subject, part)."""

    def __init__(self, apps) -> None:
        self.rows = apps.get_model("articles", "Contribution").objects.order_by("pk")
        self.pieces = apps.get_model("articles", "WrittenPiece")
        editions = apps.get_model("record", "Edition").objects.exclude(revision=None)
        self.published = set(editions.values_list("revision", flat=True))
        self.held, self.vouched, self.final = defaultdict(dict), defaultdict(dict), {}

    def read(self, revision, part, subject, state, pieces) -> None:
        key, left = (subject, part), {name: piece.exact for name, piece in pieces.items()}
        own = self.rows.filter(subject=subject, part=part, revision=revision.pk)
        users = {user for user in own.values_list("user_key", flat=True) if user is not None}
        if last := own.last():
            own.filter(state=last.state).update(state=state, left=left)
            self.credit(key, pieces, users)
        self.held[key], self.final[key] = left, (state, left)
        if revision.pk in self.published:
            self.vouched[key] = left

    def credit(self, key, pieces, users) -> None:
        """Who changed a piece since the last edition wrote what became of it, too."""
        subject, known = key[0], {*self.held[key].values(), *self.vouched[key].values()}
        for name, piece in pieces.items():
            if piece.exact in known:
                continue
            was = self.held[key].get(name)
            older = self.pieces.objects.filter(subject=subject, exact=was)
            is_new = was is not None and was not in self.vouched[key].values()
            before = set(older.values_list("user_key", flat=True)) if is_new else set()
            made = [
                self.pieces(subject=subject, exact=piece.exact, loose=piece.loose, user_key=user)
                for user in users | before
            ]
            self.pieces.objects.bulk_create(made, ignore_conflicts=True)

    def finish(self) -> None:
        """The last contribution is compared with the next one: it left what the latest revision says."""
        for (subject, part), (state, left) in self.final.items():
            self.mark(subject, part, state, left)

    def mark(self, subject, part, state, left) -> None:
        if last := self.rows.filter(subject=subject, part=part).last():
            self.rows.filter(subject=subject, part=part, state=last.state).update(state=state, left=left)


def remember(apps, schema_editor) -> None:
    writers = Writers(apps)
    read_revisions(apps, writers)
    writers.finish()
    read_material(apps, writers)


def read_revisions(apps, writers) -> None:
    from articles.review.contributions import states
    from articles.review.contributions.pieces import pieces_of

    kinds = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="articles", model__in=PARTS)
    models = {kind.pk: kind.model for kind in kinds}
    revisions = apps.get_model("wagtailcore", "Revision").objects.filter(content_type_id__in=models).order_by("pk")
    for revision in revisions.iterator(chunk_size=50):
        content = revision.content
        subject = str(content.get("article_id") or content.get("component_id"))
        for part in PARTS[models[revision.content_type_id]]:
            state = states.hash_of(states.state_of(part, content))
            writers.read(revision, part, subject, state, pieces_of(part, content, subject=subject))


def read_material(apps, writers) -> None:
    from articles.review.contributions import states
    from articles.review.contributions.sources import printed

    for source in apps.get_model("articles", "Source").objects.iterator(chunk_size=500):
        said = printed(source)
        writers.mark(str(source.source_id), "", states.hash_of(said), said)
    for image in apps.get_model("articles", "Image").objects.exclude(sha256="").iterator(chunk_size=500):
        writers.mark(image.sha256, "", states.hash_of(states.image_state(image)), {})


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_written_pieces"), ("record", "0002_review_by_people")]
    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
