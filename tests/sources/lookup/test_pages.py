"""Whether a web page still answers, and that nothing inside the installation's own network is asked."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from articles.sources.lookup import pages


class Handler(BaseHTTPRequestHandler):
    """`/404` answers 404, `/to/X` redirects to X, `/slow` never answers."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        if self.path == "/slow":
            time.sleep(3)
        status = int(self.path[1:4]) if self.path[1:4].isdecimal() else 302 if self.path.startswith("/to/") else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.path.removeprefix("/to/"))
        self.end_headers()

    def log_message(self, *args):
        pass


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Whoever waits no longer hangs up."""


@pytest.fixture
def site(settings):
    site = Site(("127.0.0.1", 0), Handler)
    site.asked, site.address = [], f"http://127.0.0.1:{site.server_address[1]}"
    settings.LOOKUP = settings.LOOKUP | {"CONTACT": "library@publisher.example", "TIMEOUT_S": 1}
    threading.Thread(target=site.serve_forever, args=[0.01], daemon=True).start()
    yield site
    site.shutdown()
    site.server_close()


@pytest.fixture
def public_site(site, monkeypatch):
    """The site as if it stood in the Internet."""
    monkeypatch.setattr(pages, "is_public", lambda host: True)
    return site


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/", ""),
        ("", ""),
        ("/wiki/Müller?c=ä%20b", ""),
        ("/to//wiki/M%C3%BCller", ""),
        ("/to//404", "it answers 404"),
        ("/to//fine", ""),
        ("/404", "it answers 404"),
        ("/410", "it answers 410"),
        ("/500", "it answers 500"),
        ("/503", "it answers 503"),
        ("/401", ""),
        ("/403", ""),
        ("/429", ""),
        ("/slow", "it does not answer in time"),
        ("/to//to//to//to//to//to//to//fine", "it redirects again and again"),
    ],
)
def test_what_a_page_answers_becomes_a_problem_or_none(public_site, path, problem):
    assert pages.problem_of(f"{public_site.address}{path}") == problem


def test_letters_beyond_ascii_are_asked_for_as_browsers_do(public_site):
    pages.problem_of(f"{public_site.address}/wiki/Müller a?c=ä%20b")

    assert [path for path, _ in public_site.asked] == ["/wiki/M%C3%BCller%20a?c=%C3%A4%20b"]


def test_the_request_says_who_asks(public_site):
    pages.problem_of(public_site.address)

    assert public_site.asked == [("/", "Vetted/1 (link check; mailto:library@publisher.example)")]


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://no-such-host.invalid/", "there is no such host"),
        ("http://127.0.0.1:1/", "it cannot be reached"),
        ("ftp://example.org/", "it cannot be reached"),
        ("https://", "it cannot be reached"),
        ("http://example.org:99999/", "it cannot be reached"),
        ("http://[::1", "it cannot be reached"),
    ],
)
def test_what_is_no_page_is_said(public_site, address, problem):
    assert pages.problem_of(address) == problem


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.0.0.5",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "[fd00::1]",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "2130706433",
    ],
)
def test_no_private_address_is_asked_however_it_is_written(site, host):
    port = site.server_address[1]

    assert pages.problem_of(f"http://{host}:{port}/") == "it leads into a private network"
    assert site.asked == []


def test_a_redirect_does_not_lead_into_the_private_network(site, monkeypatch):
    """The first answer comes from outside, and names an address inside."""
    monkeypatch.setattr(pages, "is_public", lambda host, seen=[]: not seen and not seen.append(host))

    assert pages.problem_of(f"{site.address}/to/{site.address}/inside") == "it leads into a private network"
    assert [path for path, _ in site.asked] == [f"/to/{site.address}/inside"]
