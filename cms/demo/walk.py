"""Takes the demo through the whole pipeline, with the services that the admin calls and real passwords."""

import json
from io import StringIO

from django.core.management import call_command

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.publishing.recompose import recompose_all
from articles.publishing.sign import sign
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.review import Target
from articles.review.signing import checklist, signatures
from articles.review.submit import submit
from cms.demo import library, logins
from cms.demo.complete import complete
from cms.models import User

MEDICAL = "medical"


def walk() -> None:
    """Create what is missing; a second call finds everything in place. Addresses follow PORT and PUBLIC_URL."""
    call_command("load_codes", library.CODES, stdout=StringIO())
    users = logins.make_users()
    people = library.make_people(users)
    users = logins.make_users()  # loaded anew, each with its person
    disclaimers = library.make_disclaimers(users["editor"])
    for disclaimer in disclaimers.values():
        sign_missing(disclaimer, users["reviewer"], Role.MEDICAL)
    for file in sorted(library.ARTICLES.glob("*.txt")):
        given = json.loads(file.with_suffix(".json").read_text())
        page = import_article(str(file), by="author")
        if not Publication.objects.filter(article=page.article_id).exists():
            complete(page, given, by=users["author"], people=people, disclaimers=disclaimers)
            take_through_review(page, users)
            library.note_what_became(given["sources"], by=users["editor"])
    recompose_all()


def import_article(path: str, *, by: str) -> ArticlePage:
    """The article made from the file; the existing one if the file was imported before."""
    report = StringIO()
    call_command("import_articles", path, user=by, report="-", stdout=report, stderr=StringIO())
    return ArticlePage.objects.get(pk=json.loads(report.getvalue())["files"][0]["page"]["id"])


def take_through_review(page: ArticlePage, users: dict[str, User]) -> None:
    for offer in offers_of(page):
        sign_missing(offer, users["editor"], Role.EDITOR)
        sign_missing(offer, users["reviewer"], Role.MEDICAL)
    page = ArticlePage.objects.get(pk=page.pk)
    if not page.workflow_in_progress:
        submit(page=page, by=users["author"])
    sign_missing(page, users["editor"], Role.EDITOR)
    sign_missing(page, users["reviewer"], Role.MEDICAL)


def sign_missing(target: Target, user: User, role: str) -> None:
    """Sign what still lacks this role, with the password that the login has."""
    review = load(target)
    if parts := signatures.parts_to_sign(review, role):
        shown = review.shown(parts)
        password, given = logins.passwords()[user.username], checklist.confirmed()
        sign(target=target, user=user, role=role, shown=shown, password=password, checklist=given)


def offers_of(page: ArticlePage) -> list[Offer | Disclaimer]:
    draft = load(page).draft
    return list(Offer.objects.filter(pk__in=draft.offers)) if draft else []
