"""What is measured inside one process: import, and publishing beside Wagtail's own. Prints JSON."""

import json
import time
from statistics import median

import django

django.setup()

from django.db import transaction  # noqa: E402 - after setup
from django.test import override_settings  # noqa: E402
from wagtail.actions.publish_page_revision import PublishPageRevisionAction  # noqa: E402

from articles.authoring.models import ArticlePage  # noqa: E402
from articles.publishing import images  # noqa: E402
from articles.publishing.publish import publish_article  # noqa: E402
from articles.publishing.sign import sign  # noqa: E402
from articles.record.delivery.content.mentions import image_digests  # noqa: E402
from articles.record.vocabulary import Role  # noqa: E402
from articles.review.opening import load, load_article  # noqa: E402
from articles.review.signing import checklist  # noqa: E402
from cms.demo import library, logins, walk  # noqa: E402
from cms.demo.complete import complete  # noqa: E402
from tests.authenticator import enroll, sign_with  # noqa: E402
from tests.factories import sign_only  # noqa: E402

ROUNDS = 15


class Undone(Exception):
    """Raised to take a measured publication back."""


def main() -> None:
    users = logins.make_users()
    people = library.make_people(users)
    users = logins.make_users()  # loaded anew, each with its person
    disclaimers = library.make_disclaimers(users["editor"])
    for disclaimer in disclaimers.values():
        walk.sign_missing(disclaimer, users["reviewer"], Role.MEDICAL)
    file = sorted(library.ARTICLES.glob("rapamycin*.txt"))[0]
    begun = time.perf_counter()
    page = walk.import_article(str(file), by="author")
    import_s = time.perf_counter() - begun
    given = json.loads(file.with_suffix(".json").read_text())
    complete(page, given, by=users["author"], people=people, disclaimers=disclaimers)
    for offer in walk.offers_of(page):
        walk.sign_missing(offer, users["editor"], Role.EDITOR)
    ours, theirs = compare_publishing(ArticlePage.objects.get(pk=page.pk), users)
    facts = {"import_s": import_s, "publish_ms": ours, "wagtail_publish_ms": theirs}
    print(json.dumps(facts | compare_signing(ArticlePage.objects.get(pk=page.pk), users)))


def compare_publishing(page: ArticlePage, users) -> tuple[float, float]:
    """Medians in ms, taking turns; each is undone, so that each publishes the same page for the first time."""
    images.prepare(image_digests(*(document.value for document in load_article(page).documents.values())))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_undone(lambda: _signed(page, users), lambda: publish_article(page=page, by=users["editor"])))
        theirs.append(_undone(lambda: None, lambda: _wagtail(page, users)))
    return median(ours), median(theirs)


def compare_signing(page: ArticlePage, users) -> dict[str, float]:
    """Medians of processor time in ms, taking turns: a clinician's signature with a password, and both steps of one
    with a passkey. The password is hashed by a fast function, so that the passkey is not compared with a slow one."""
    device = enroll(users["reviewer"], users["lead"])
    sign_only(page, users["editor"], Role.EDITOR)
    taken = {"password_ms": [], "passkey_ms": []}
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        users["reviewer"].set_password("typed")
        users["reviewer"].save()

        shown = load(page).shown(["medical"])

        def act(password):
            target = ArticlePage.objects.get(pk=page.pk)
            given = {"user": users["reviewer"], "role": Role.MEDICAL, "checklist": checklist.confirmed()}
            return sign(target=target, password=password, shown=shown, **given)

        for _ in range(ROUNDS):
            taken["password_ms"].append(_undone(lambda: None, lambda: act("typed"), time.process_time))
            taken["passkey_ms"].append(
                _undone(lambda: None, lambda: sign_with(device, act, users["reviewer"]), time.process_time)
            )
    return {name: median(values) for name, values in taken.items()}


def _wagtail(page: ArticlePage, users) -> None:
    revision = page.get_latest_revision()
    PublishPageRevisionAction(revision, user=users["editor"]).execute(skip_permission_checks=True)


def _signed(page: ArticlePage, users) -> None:
    """The signatures without the workflow, so that publishing alone is measured."""
    for user, role, parts in (("editor", Role.EDITOR, []), ("reviewer", Role.MEDICAL, ["medical"])):
        sign_only(page, users[user], role, *parts)


def _undone(arrange, act, clock=time.perf_counter) -> float:
    taken = 0.0
    try:
        with transaction.atomic():
            arrange()
            begun = clock()
            act()
            taken = (clock() - begun) * 1000
            raise Undone
    except Undone:
        return taken


if __name__ == "__main__":
    main()
