"""The client of docs/json.md that shows nothing without a state in force: what it refuses, and a month of use."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles.publishing.jobs.due import publish_due
from articles.publishing.proof import issuing, private_keys, states
from articles.publishing.proof.private_keys import SigningKey
from articles.publishing.withdraw import withdraw
from articles.record import epoch
from articles.record.keys import cards
from articles.record.models import KeyCard, Publication
from cms.demo.walk import walk
from tests.conftest import ROOT
from tests.factories import edit, sign_and_publish
from tests.hands import fresh

PAGE = (ROOT / "docs/json.md").read_text()
PARTS = ("## Prove it", "## Keep a copy in sync", "### Is my copy still in force?")
CODE = [re.search(r"```python\n(.+?)```", PAGE.partition(part)[2], re.DOTALL)[1] for part in PARTS]
LINES = 60


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def script(keep) -> dict:
    """The client, which knows the id of the organisation's key."""
    found: dict = {}
    for code in CODE:
        code = code.replace("http://127.0.0.1:8000/", "http://testserver/")
        exec(compile(code, "docs/json.md", "exec"), found)
    found["KEY"] = issuing.current().key
    return found


class Network:
    """fetch(url) of the documentation. It keeps what was answered, and may answer with that for ever."""

    def __init__(self) -> None:
        self.client, self.kept, self.is_frozen = Client(), {}, False
        self.altered = lambda url, body: body

    def __call__(self, url: str) -> tuple[int, dict]:
        if not (self.is_frozen and url in self.kept):
            parts = urlsplit(url)
            answer = self.client.get(f"{parts.path}?{parts.query}")
            self.kept[url] = (answer.status_code, answer.content)
        status, content = self.kept[url]
        return status, self.altered(url, json.loads(content))


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def moment() -> datetime:
    return timezone.now().replace(microsecond=0) + timedelta(seconds=2)


@pytest.fixture
def app(script, network, keep, moment):
    """The client with a copy of all that is published."""

    class App:
        copy: dict = {}
        refused = script["Refused"]
        said = script["said"]

        def update(self, at: datetime = moment) -> None:
            script["update"](self.copy, text(at), network)

        def shows(self, page, at: datetime = moment) -> bool:
            return script["shown"](self.copy, str(page.article_id), text(at)) is not None

        def keys(self, at: datetime = moment) -> dict:
            return script["delivery_keys"](text(at), network)

        def confirms(self, article: dict, signed: str | None, at: datetime = moment) -> str:
            return script["confirmed"](article, signed, text(at), self.keys(at))

        def refuses(self, why: str, at: datetime = moment) -> None:
            before = json.dumps(self.copy, sort_keys=True)
            with pytest.raises(script["Refused"], match=why):
                self.update(at)
            assert json.dumps(self.copy, sort_keys=True) == before

    app = App()
    app.copy = {}
    keep()
    app.update()
    return app


def served(name) -> tuple[dict, dict]:
    """(the article, its state) as the API has them now."""
    base = f"/api/v1/articles/{name}/"
    return tuple(json.loads(Client().get(base + rest).content) for rest in ("?rich_text=portable", "state/"))


def test_the_client_is_short():
    lines = [line for line in CODE[-1].splitlines() if line.strip() and not line.strip().startswith('"""')]

    assert len(lines) <= LINES


def test_it_shows_what_is_published_and_confirms_its_state(app, published):
    assert app.shows(published)
    article, state = served(published.article_id)
    assert app.confirms(article, state["state"]) == "current"


def test_a_withdrawn_article_is_shown_neither_from_the_copy_nor_from_an_old_one(app, published, people, keep, moment):
    article, old = served(published.article_id)
    withdraw(page=published, reason="safety", by=people.editor)
    keep()

    _, new = served(published.article_id)
    with pytest.raises(app.refused, match="withdrawn"):
        app.confirms(article, new["state"])
    with pytest.raises(app.refused, match="expired"):
        app.confirms(article, old["state"], moment + timedelta(hours=24))
    app.update()
    assert not app.shows(published)


def test_a_copy_ends_by_itself_where_nobody_answers(app, published, moment):
    assert app.shows(published, moment + timedelta(hours=23))
    assert not app.shows(published, moment + timedelta(hours=24))
    assert not app.shows(published, moment - timedelta(hours=1)), "A clock that was set back proves nothing."


def test_frozen_answers_expire(app, published, keep, network, moment):
    network.is_frozen = True
    app.copy = {}
    app.update()

    keep(moment + timedelta(hours=25))

    app.copy = {}
    app.refuses("expired", moment + timedelta(hours=25))


def test_a_feed_that_was_set_back_is_refused(app, published, people, keep, network):
    network.is_frozen = True
    app.copy = {}
    app.update()
    withdraw(page=published, reason="safety", by=people.editor)
    keep()
    network.is_frozen = False
    app.update()
    assert not app.shows(published)

    def set_back(url, body):
        first = network.kept[FIRST][1]
        return json.loads(first) if "changes/" in url else body

    network.is_frozen, network.altered = True, set_back
    app.refuses("older")


def one_by_one(fetch):
    return lambda url: fetch(f"{url}&page_size=1" if "changes/" in url else url)


FIRST = "http://testserver/api/v1/changes/?include=articles&rich_text=portable"


def test_pages_of_two_moments_are_refused(app, article, published, people, keep, network, script):
    """The first page comes from an old cache."""
    article(title="Another")
    keep()
    old = Network()
    whole = script["sync"]
    copy: dict = {}
    assert whole(copy, one_by_one(old))
    edit(published, by=people.author, title="Another title")
    sign_and_publish(fresh(published), by=people.author, editor=people.editor, reviewer=people.reviewer)
    keep()
    last = json.loads(Client().get("/api/v1/changes/?page_size=100").content)["state"]

    def mixed(url, body):
        return body | {"state": last} if "changes/" in url else body

    old.is_frozen, old.altered = True, mixed
    app.copy = {}
    before = json.dumps(app.copy)
    with pytest.raises(app.refused, match="two moments"):
        script["update"](app.copy, text(timezone.now() + timedelta(seconds=2)), one_by_one(old))
    assert json.dumps(app.copy) == before


def test_a_text_of_one_edition_with_the_state_of_another_is_refused(app, published, people, keep):
    old, _ = served(published.article_id)
    edit(published, by=people.author, title="Another title")
    sign_and_publish(fresh(published), by=people.author, editor=people.editor, reviewer=people.reviewer)
    keep()
    new, state = served(published.article_id)
    assert app.confirms(new, state["state"]) == "current"

    with pytest.raises(app.refused, match="another text"):
        app.confirms(old, state["state"])
    old["edition"] = new["edition"]
    with pytest.raises(app.refused, match="another text"):
        app.confirms(old, state["state"])


def test_an_altered_text_in_the_feed_is_refused(app, published, network):
    def altered(url, body):
        return json.loads(json.dumps(body).replace("inflammation", "infection"))

    network.altered = altered
    app.copy = {}
    app.refuses("altered")


def test_a_state_of_another_article_is_refused(app, article, published, keep):
    other = article(title="Another")
    keep()
    (mine, _), (_, state) = served(published.article_id), served(other.article_id)

    with pytest.raises(app.refused, match="another text"):
        app.confirms(mine, state["state"])


@pytest.mark.parametrize("typ", [states.FEED, "vc+jwt"])
def test_a_signature_of_another_kind_is_no_state(app, published, typ):
    article, state = served(published.article_id)
    forged = private_keys.delivery_key().sign(cards.payload_of(state["state"]), typ=typ)

    with pytest.raises(app.refused, match="No key"):
        app.confirms(article, forged)


def test_a_state_of_another_log_is_refused(app, published):
    article, state = served(published.article_id)
    said = cards.payload_of(state["state"]) | {"log": "https://elsewhere.example/api/v1/"}

    with pytest.raises(app.refused, match="another log"):
        app.confirms(article, private_keys.delivery_key().sign(said, typ=states.ARTICLE))


def forged_by(key: SigningKey, state: dict) -> str:
    return key.sign(cards.payload_of(state["state"]), typ=states.ARTICLE)


def test_a_state_by_a_key_without_a_card_is_refused(app, published):
    article, state = served(published.article_id)

    with pytest.raises(app.refused, match="No key"):
        app.confirms(article, forged_by(SigningKey(Ed25519PrivateKey.generate()), state))
    for signed in (None, "", "a.b.c", state["state"][:-8] + "AAAAAAAA"):
        with pytest.raises(app.refused, match="No key"):
            app.confirms(article, signed)


def test_a_state_by_a_person_s_key_is_refused(app, published, people):
    """A card makes nobody delivery."""
    key = SigningKey(Ed25519PrivateKey.generate())
    person = people.reviewer.person
    organisation = private_keys.organisation_key()
    issuing.issue_to_person(person, key.spki, cards.ALGORITHM, by=organisation, actor={})
    article, state = served(published.article_id)

    with pytest.raises(app.refused, match="No key"):
        app.confirms(article, forged_by(key, state))


def test_a_state_by_a_revoked_key_is_refused_whatever_its_time(app, published, network):
    article, state = served(published.article_id)
    call_command(
        "keys", "revoke", "--reason", "compromised", "--", KeyCard.objects.get(holder="delivery").key, stdout=StringIO()
    )

    with pytest.raises(app.refused, match="No key"):
        app.confirms(article, state["state"])


def test_a_state_after_the_card_s_end_is_refused(app, published):
    article, state = served(published.article_id)
    end = datetime.fromisoformat(cards.payload_of(KeyCard.objects.get(holder="delivery").card)["validUntil"])
    said = cards.payload_of(state["state"]) | {"valid_until": "2099-01-01T00:00:00.000000Z"}

    with pytest.raises(app.refused, match="No key"):
        app.confirms(article, private_keys.delivery_key().sign(said, typ=states.ARTICLE), end)


def test_another_organisation_s_key_is_not_believed(app, published, script, network):
    script["KEY"] = "A" * 43
    article, state = served(published.article_id)
    assert app.keys() == {}

    with pytest.raises(app.refused, match="No key"):
        app.confirms(article, state["state"])
    app.refuses("No key")


def test_a_key_that_only_claims_the_id_is_not_believed(app, script, network):
    forger = SigningKey(Ed25519PrivateKey.generate())

    def forged(url, body):
        if "vetted.json" in url:
            body["keys"] = [{"id": script["KEY"], "spki": forger.spki, "signed": None}]
        return body

    network.altered = forged

    assert app.keys() == {}


def test_a_rotation_is_followed(app, published, keep, tmp_path):
    call_command("keys", "rotate", "--new", str(tmp_path / "keys" / "next.pem"), stdout=StringIO())
    keep()

    app.update(timezone.now() + timedelta(seconds=2))

    assert len(app.keys()) == 1 and app.shows(published)


def test_pages_without_an_end_are_refused(app, network, script):
    def endless(url, body):
        return body | {"has_more": True} if "changes/" in url else body

    network.altered = endless
    app.copy = {}
    script["MOST_PAGES"] = 5
    app.refuses("no whole answer")


def test_cards_without_an_end_are_not_read_for_ever(app, network, script):
    network.altered = lambda url, body: body | {"next": url} if "keys/" in url else body
    script["MOST_CARDS"] = 5

    assert len(app.keys()) == 1


def test_while_an_act_is_not_signed_yet_the_copy_stays_as_it_is(app, published, people, keep):
    withdraw(page=published, reason="safety", by=people.editor)
    app.refuses("No key")
    assert app.shows(published)

    keep()
    app.update()

    assert not app.shows(published)


def test_a_restored_server_is_followed(app, published, keep, moment):
    epoch.renew()
    keep(moment)

    app.update(moment + timedelta(seconds=1))

    assert app.shows(published)


def test_a_month_of_renewals_is_accepted_hour_by_hour(app, article, published, people, keep, set_clock, moment):
    """The worker runs each hour, a publisher acts now and then, an article is withheld, and the app asks at odd hours;
    between them it never lacks a state for what is published."""
    other = article(title="Another")
    ends = moment + timedelta(days=20)
    Publication.objects.filter(article=other.article_id).update(after_grace="withhold", grace_ends_at=ends)
    for hour in range(30 * 24):
        at = moment + timedelta(hours=hour)
        set_clock(at)
        if hour == 100:
            edit(published, by=people.author, title="Another title")
            sign_and_publish(fresh(published), by=people.author, editor=people.editor, reviewer=people.reviewer)
        keep(at)
        if at == ends:
            app.update(at)  # its state ended at this moment, and says so before any job has run
            assert app.shows(published, at) and not app.shows(other, at)
            publish_due(now=at)
            keep(at)
        if hour % 11 == 0:
            app.update(at)
            text_now, state = served(published.article_id)
            assert app.confirms(text_now, state["state"], at) == "current"
        assert app.shows(published, at)
        assert app.shows(other, at) == (at < ends)


def test_the_demo_is_accepted_for_a_month(app, keep, network, settings, tmp_path, set_clock):
    """Its articles, a worker that runs each hour, and an app that asks about twice a day."""
    settings.VAR_DIR = tmp_path
    walk()
    begin = timezone.now().replace(microsecond=0) + timedelta(seconds=2)
    shown = Publication.objects.filter(state="published")
    assert shown.count() > 3
    for hour in range(30 * 24):
        at = begin + timedelta(hours=hour)
        set_clock(at)
        keep(at)
        if hour % 11 == 0:
            app.update(at)
            assert len(app.copy["articles"]) == shown.count()
            published = [*shown.values_list("article", flat=True)]
        assert all(app.shows(SimpleNamespace(article_id=key), at) for key in published)
