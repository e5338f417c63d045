"""The scene of the recall drill: 40 published articles in two languages, drafts, schedules and an offer."""

from datetime import timedelta
from itertools import islice, product
from typing import Any

from django.utils import timezone
from wagtail.models import Locale

from articles.authoring.components import Offer
from articles.authoring.models import ArticlePage
from articles.publishing.scheduling.schedule import schedule_publication
from articles.record.vocabulary import Role
from articles.review.submit import submit
from cms.demo.walk import sign_missing
from tests.factories import block, complete_body, make_article, make_source, teach

NAMES = ("Exemplamune", "exemplimus", "Beispielimus")  # three names of one invented substance
CONCERNED = {"en": "Batch 7 is affected.", "de": "Charge 7 ist betroffen."}
CLEARED = {"en": "Only other batches are named.", "de": "Nur andere Chargen sind genannt."}
PUBLISHED, BACK, DRAFTS, SCHEDULED = 40, 28, 6, 2


def prepare(users: dict[str, Any]) -> dict[str, int]:
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in CONCERNED}
    teach("de", users["editor"], users["reviewer"], users["lead"])
    source = make_source()
    texts = list(islice(product(NAMES * PUBLISHED, locales), PUBLISHED))
    pages = []
    for number, (name, code) in enumerate(texts):
        said = CLEARED[code] if number < BACK else CONCERNED[code]
        page = _article(users, source, f"{name} {number}", f"{name}. {said}", locales[code])
        submit(page=page, by=users["author"])
        sign_missing(page, users["editor"], Role.EDITOR)
        sign_missing(page, users["reviewer"], Role.MEDICAL)
        pages.append(page)
    drafts = [
        _article(users, source, f"Draft {number} on {NAMES[0]}", f"{NAMES[0]} again.", locales["en"])
        for number in range(DRAFTS)
    ]
    for page in drafts[:SCHEDULED]:
        at = timezone.now() + timedelta(days=2)
        schedule_publication(page=page, at=at, zone="Europe/Berlin", by=users["editor"])
    _offer(users)
    return {"published": ArticlePage.objects.filter(pk__in=[page.pk for page in pages], live=True).count()}


def _article(users: dict[str, Any], source: Any, title: str, words: str, locale: Locale) -> ArticlePage:
    body = [*complete_body(source), block("prose", text=f"<p>{words}</p>")]
    slug = title.lower().replace(" ", "-")
    return make_article(by=users["author"], body=body, title=title, slug=slug, locale=locale)


def _offer(users: dict[str, Any]) -> None:
    offer = Offer.objects.create(
        name="Drill", label="Ask", target="https://example.org/ask", text=f"Ask us about {NAMES[1]}."
    )
    offer.save_revision(user=users["author"])
    sign_missing(offer, users["editor"], Role.EDITOR)
    sign_missing(offer, users["reviewer"], Role.MEDICAL)
