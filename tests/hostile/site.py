"""`python -m tests.hostile.site SHARED`: a database of hostile articles, drafts and components; prints what there is.

Run in a process of its own with VAR_DIR and DJANGO_SETTINGS_MODULE, before a server is started on it. stdout:
{"articles": [{pk, id, slug}], "drafts": [pk], "offers": [pk], "disclaimers": [pk], "vectors": 809}
"""

import json
import os
import sys
from pathlib import Path

import django

VECTORS_IN_AN_ARTICLE = 70
PARAGRAPHS_IN_A_FILE = 270


def main(shared: Path) -> None:
    django.setup()
    from tests.hostile.vectors import read_vectors

    vectors = read_vectors(shared)
    print(json.dumps(prepare(vectors) | {"vectors": len(vectors)}))


def prepare(vectors: list[str]) -> dict[str, list]:
    from articles.checks import engine, language, links, structure, typed
    from articles.record.vocabulary import Role
    from tests.factories import make_clinician, make_topic, make_user, sign_and_publish, sign_as
    from tests.hostile.articles import make_hostile_article, make_hostile_disclaimer, make_hostile_offer
    from tests.hostile.vectors import POTENT

    # Vectors hold what these stop, one to a section; here it has to reach readers.
    stopping = {
        typed.typed_reference,
        language.broken_characters,
        links.link_not_delivered,
        structure.too_many_sections,
    }
    engine.CHECKS = tuple(check for check in engine.CHECKS if check not in stopping)
    engine.components.OF_DISCLAIMERS = (engine.components.disclaimer_without_text,)
    author, editor, reviewer = make_user("author", "Authors"), make_user("editor", "Editors"), make_clinician()
    make_user("root", is_superuser=True)
    type(make_topic("Hostile", "hostile")).objects.filter(slug="hostile").update(name=POTENT[0])
    made: dict[str, list] = {"articles": [], "drafts": import_drafts(vectors), "offers": [], "disclaimers": []}
    for start in range(0, len(vectors), VECTORS_IN_AN_ARTICLE):
        some = vectors[start : start + VECTORS_IN_AN_ARTICLE]
        text = POTENT[len(made["articles"]) % len(POTENT)]
        offer, disclaimer = make_hostile_offer(text, author), make_hostile_disclaimer(text, author)
        sign_as(offer, editor, Role.EDITOR)
        sign_as(offer, reviewer, Role.MEDICAL)
        sign_as(disclaimer, reviewer, Role.MEDICAL)
        page = make_hostile_article(some, by=author, offer=offer, disclaimer=disclaimer)
        sign_and_publish(page, by=author, editor=editor, reviewer=reviewer)
        made["articles"].append({"pk": page.pk, "id": str(page.article_id), "slug": page.slug})
        made["offers"].append(offer.pk)
        made["disclaimers"].append(disclaimer.pk)
    return made


def import_drafts(vectors: list[str]) -> list[int]:
    """The vectors as paragraphs of text files, imported."""
    from wagtail.models import Locale

    from articles.authoring.models import ArticleIndexPage
    from articles.intake.importing import Destination, import_file

    to = Destination(ArticleIndexPage.objects.get(slug="articles"), Locale.get_default())
    folder = Path(os.environ["VAR_DIR"]) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for start in range(0, len(vectors), PARAGRAPHS_IN_A_FILE):
        file = folder / f"{start}.txt"
        some = vectors[start : start + PARAGRAPHS_IN_A_FILE]
        file.write_bytes("\n\n".join(some).encode("utf-8", "ignore"))
        told.append(import_file(file, to=to))
    assert all(entry["status"] == "created" for entry in told), [entry["error"] for entry in told]
    return [entry["page"]["id"] for entry in told]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
