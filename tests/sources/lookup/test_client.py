"""Answers that are late, large, of another kind or from elsewhere: each is a failure that says what to do."""

import json
import socket
import threading
import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from articles.sources.lookup import client, crossref, pubmed
from articles.sources.lookup.errors import CouldNotAsk, LookupsOff, NoSuchRecord, NotUnderstood
from articles.sources.lookup.find import find_record
from cms import env

DOI, PATH = "10.1000/a", "/works/10.1000%2Fa"
JSON = "application/json"
WORK = {"DOI": DOI, "title": ["A study"], "type": "journal-article"}
BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><PubmedArticleSet>&c;</PubmedArticleSet>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&b;</PubmedArticleSet>'


def answer(message, kind=JSON, status=200, *headers):
    return status, kind, json.dumps({"status": "ok", "message": message}).encode(), *headers


@pytest.mark.parametrize(
    ("given", "failure", "says"),
    [
        ((404, "text/plain", b"Resource not found."), NoSuchRecord, "the DOI 10.1000/a"),
        ((500, JSON, b"{}"), CouldNotAsk, "answered 500"),
        ((429, JSON, b"{}", ("Retry-After", "1")), CouldNotAsk, "answered 429"),
        ((200, "text/html", b"<html>Sign in to this network</html>"), NotUnderstood, "text/html"),
        ((200, JSON, b"x" * (client.MOST_BYTES + 1)), NotUnderstood, "larger than 2 MB"),
        ((200, JSON, b"\xff{"), NotUnderstood, "no JSON"),
        ((200, JSON, b"[" * 100_000), NotUnderstood, "no JSON"),
        ((200, JSON, b'{"status": "ok"}'), NotUnderstood, "no message"),
        ((200, JSON, b'{"status": "failed", "message": {}}'), NotUnderstood, "no message"),
        (answer({"DOI": DOI}), NotUnderstood, "no title"),
        (answer(WORK | {"title": [None]}), NotUnderstood, "no title"),
        (answer(WORK | {"title": ["<b></b>"]}), NotUnderstood, "no title"),
        (answer(WORK | {"DOI": "10.1000/b"}), NotUnderstood, "another DOI"),
        (answer(WORK | {"DOI": 5}), NotUnderstood, "no DOI"),
        (answer(WORK, JSON, 200, ("Content-Encoding", "gzip")), NotUnderstood, "compressed"),
        ((302, JSON, b"", ("Location", "http://elsewhere.example/works")), NotUnderstood, "another host"),
        ((302, JSON, b"", ("Location", "file:///etc/passwd")), NotUnderstood, "another host"),
        ((302, JSON, b"", ("Location", PATH)), NotUnderstood, "again and again"),
    ],
)
def test_an_answer_that_is_no_record_is_a_failure_that_says_what_to_do(server, given, failure, says):
    server.answers[PATH] = given

    with pytest.raises(failure, match=says) as raised:
        crossref.get_work(DOI)

    assert "type the details by hand" in str(raised.value)
    assert "retracted" not in str(raised.value)


def test_a_redirect_on_the_same_host_is_followed(server):
    server.answers[PATH] = (301, JSON, b"", ("Location", "/works/moved"))
    server.answers["/works/moved"] = answer(WORK)

    assert crossref.get_work(DOI).title == "A study"


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, b"<html/>", b"<PubmedArticleSet>", b"", b"\x00"])
def test_xml_with_entities_of_its_own_or_of_another_kind_is_not_understood(server, body):
    server.answers["/efetch.fcgi"] = (200, "text/xml", body)

    with pytest.raises(NotUnderstood):
        pubmed.get_article("1")


def test_deeply_nested_xml_is_answered(server):
    deep = b"<i>" * 20_000 + b"</i>" * 20_000
    body = b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A" + deep
    body += b"</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    server.answers["/efetch.fcgi"] = (200, "text/xml", body)

    assert pubmed.get_article("1").title == "A"


def drip(every_s: float):
    """The port of a server that sends one byte of a long answer at a time."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run():
        connection, _ = listener.accept()
        with connection, listener:
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
            try:
                while True:
                    connection.sendall(b"[")
                    time.sleep(every_s)
            except OSError:
                return

    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1]


@pytest.mark.parametrize("every_s", [0.02, 30])
def test_a_server_that_drips_or_hangs_costs_no_more_than_the_timeout(server, settings, every_s):
    url = f"http://127.0.0.1:{drip(every_s)}"
    settings.LOOKUP = settings.LOOKUP | {"CROSSREF_URL": url, "TIMEOUT_S": 0.4}
    began = time.monotonic()

    with pytest.raises(CouldNotAsk):
        crossref.get_work(DOI)

    assert time.monotonic() - began < 2


def test_a_server_that_is_not_there_could_not_be_asked(server, settings):
    settings.LOOKUP = settings.LOOKUP | {"CROSSREF_URL": "http://127.0.0.1:1"}

    with pytest.raises(CouldNotAsk, match="Try again in a minute"):
        crossref.get_work(DOI)


@pytest.mark.parametrize("off", [{"CROSSREF_URL": "", "PUBMED_URL": ""}, {"CONTACT": ""}])
def test_an_installation_without_address_or_contact_asks_nobody(server, settings, off):
    settings.LOOKUP = settings.LOOKUP | off

    with pytest.raises(LookupsOff, match="does not look works up"):
        find_record(DOI)

    assert server.asked == []


def test_whoever_is_asked_learns_whom_to_write_to(server):
    server.answers[PATH] = answer(WORK)

    crossref.get_work(DOI)

    [(_, query, headers)] = server.asked
    assert query["mailto"] == "tests@publisher.example"
    assert headers["User-Agent"] == "Vetted/1 (mailto:tests@publisher.example)"


def test_requests_to_one_host_follow_each_other_with_a_pause(server, settings):
    settings.LOOKUP = settings.LOOKUP | {"SPACING_S": 0.1}
    server.answers[PATH] = answer(WORK)
    threads = [threading.Thread(target=crossref.get_work, args=[DOI]) for _ in range(4)]
    began = time.monotonic()

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.asked) == 4
    assert time.monotonic() - began >= 0.3


def test_a_host_that_asks_for_a_pause_is_left_alone(server):
    server.answers[PATH] = (429, JSON, b"{}", ("Retry-After", "120"))

    for _ in range(3):
        with pytest.raises(CouldNotAsk):
            crossref.get_work(DOI)

    assert len(server.asked) == 1


def test_a_found_record_is_asked_for_once_a_day(server):
    server.answers[PATH] = answer(WORK)
    first = find_record(DOI)
    asked = len(server.asked)

    assert find_record(f"https://doi.org/{DOI}").title == first.title
    assert find_record(DOI) == first
    assert len(server.asked) <= 2 * asked

    find_record(DOI, is_fresh=True)
    assert len(server.asked) > asked


def test_a_failure_is_not_kept(server):
    server.answers[PATH] = (500, JSON, b"{}")
    with pytest.raises(CouldNotAsk):
        find_record(DOI)

    server.answers[PATH] = answer(WORK)

    assert find_record(DOI).title == "A study"


@pytest.mark.parametrize(
    ("name", "value"),
    [("LOOKUP_CROSSREF", "file:///etc"), ("LOOKUP_PUBMED", "crossref.org"), ("LOOKUP_CONTACT", "a@b\r\nX: y")],
)
def test_a_setting_that_is_no_address_stops_the_start(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match="LOOKUP_"):
        env.lookup()


def test_the_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("LOOKUP_CONTACT", "library@publisher.example")
    monkeypatch.setenv("LOOKUP_CROSSREF", "")
    monkeypatch.setenv("LOOKUP_TIMEOUT", "900")

    found = env.lookup()

    assert (found["CONTACT"], found["CROSSREF_URL"], found["TIMEOUT_S"]) == ("library@publisher.example", "", 60)
    assert found["PUBMED_URL"].startswith("https://eutils.ncbi.nlm.nih.gov/")
