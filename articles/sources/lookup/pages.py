"""Asks whether a web page still answers. Follows redirects; reads no more than the head of the answer.

Addresses come from articles, so nothing inside the installation's own network is ever asked: each host is resolved, and
the connection goes to a public address of it. Source: OWASP, *Server Side Request Forgery Prevention*.
"""

import ipaddress
import socket
import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)


class _Private(Exception):
    """The host has no public address."""


def is_on() -> bool:
    """Whether this installation asks pages: it does not say no, and a contact is set."""
    return bool(settings.LOOKUP["PAGES"] and settings.LOOKUP["CONTACT"])


def problem_of(address: str) -> str:
    """Why the page cannot be read, as words that follow a colon; "" if it answers, also if only with a login."""
    deadline = time.monotonic() + settings.LOOKUP["TIMEOUT_S"]
    try:
        for _ in range(MOST_REDIRECTS + 1):
            status, target = _ask(address, deadline)
            if status not in REDIRECTS or not target:
                return f"it answers {status}" if status in GONE or status >= 500 else ""
            address = urljoin(address, target)
        return "it redirects again and again"
    except _Private:
        return "it leads into a private network"
    except ssl.SSLError:
        return "its certificate is not valid"
    except socket.gaierror:
        return "there is no such host"
    except TimeoutError:
        return "it does not answer in time"
    except (OSError, HTTPException, ValueError):
        return "it cannot be reached"


def is_public(host: str) -> bool:
    return ipaddress.ip_address(host).is_global


def _ask(address: str, deadline: float) -> tuple[int, str]:
    """(status, where it redirects to)."""
    where = urlsplit(address)
    host, left_s = (where.hostname or "").encode("idna").decode(), deadline - time.monotonic()
    if where.scheme not in PORTS or not host:
        raise ValueError(address)
    if left_s <= 0:
        raise TimeoutError
    port = where.port or PORTS[where.scheme]
    connection = _connection(where.scheme, host, port, left_s)
    try:
        path = iri_to_uri(f"{where.path or '/'}?{where.query}" if where.query else where.path or "/")
        agent = f"Vetted/1 (link check; mailto:{settings.LOOKUP['CONTACT']})"
        connection.request("GET", path, headers={"User-Agent": agent, "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int, timeout_s: float) -> HTTPConnection:
    """A connection to a public address of the host, which the certificate must name."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    public = next((address for address in found if is_public(address)), None)
    if public is None:
        raise _Private
    connection = (HTTPSConnection if scheme == "https" else HTTPConnection)(host, port, timeout=timeout_s)
    plain = socket.create_connection((public, port), timeout=timeout_s)
    if scheme == "https":
        try:
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise
    else:
        connection.sock = plain
    return connection
