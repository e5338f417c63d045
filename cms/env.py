"""Every environment variable, typed, in one place. The README lists them; a test keeps the list true.

Production refuses to start without the required ones, and names all that are missing.
"""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
FILES = "django.core.mail.backends.filebased.EmailBackend"
POSTGRES_HERE = "postgres://postgres@127.0.0.1:5432/postgres"
CROSSREF, PUBMED = "https://api.crossref.org", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
PMC = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles"


@dataclass(frozen=True)
class Variable:
    """One variable: its name, its default as people read it, and its purpose."""

    name: str
    default: str
    purpose: str


VARIABLES = (
    Variable("SECRET_KEY", "generated once, kept in VAR_DIR", "Signs sessions; production requires it."),
    Variable("DEBUG", "false", "Django's debug pages; never use it in production."),
    Variable("DATABASE_URL", "sqlite in VAR_DIR", "The database: sqlite:///… or postgres://…"),
    Variable("REDIS_URL", "none", "A cache shared by several processes; without it, each has its own."),
    Variable("PORT", "8000", "The port of `make demo` and `make run`."),
    Variable("PUBLIC_URL", "http://127.0.0.1:$PORT", "The API's public address; absolute links begin with it."),
    Variable("ADMIN_URL", "http://localhost:$PORT", "The admin's address in links; production defaults to PUBLIC_URL."),
    Variable("RP_ID", "the host of ADMIN_URL", "The domain that passkeys belong to, for ever; production requires it."),
    Variable("WEB_URL", "our reading page", "Address of a reader's page, with {locale} and {slug}; gives `web_url`."),
    Variable("ALLOWED_HOSTS", "127.0.0.1,localhost", "Host names that the server answers, separated by commas."),
    Variable("VAR_DIR", "var/", "Database and media of the embedded default."),
    Variable(
        "FIXTURES", "in the demo", "Whether `/api/v1/fixtures/` serves made-up articles for those who build clients."
    ),
    Variable("OFFLINE_HOURS", "24", "How long an app may show its copies without asking `changes/` again; 1 to 168."),
    Variable("STATE_HOURS", "24", "How long what the delivery key signs about an article is valid; 1 to 168."),
    Variable("TRUSTED_PROXIES", "0", "How many proxies in front add to X-Forwarded-For; 0 ignores the header."),
    Variable("PURGE_URL", "none", "Caches in front to purge: varnish://host:port,host:port or fastly://SERVICE."),
    Variable("PURGE_TOKEN", "none", "Fastly's API token, with the scope `purge_select`."),
    Variable("RATE_ANONYMOUS", "600", "API requests a minute from one address without a key; 0 means no limit."),
    Variable("RATE_KEY", "6000", "API requests a minute with one key; 0 means no limit."),
    Variable("EMAIL_URL", "files in VAR_DIR/mail", "How mail is sent: smtp+tls://user:password@host:587, for example."),
    Variable("EMAIL_FROM", "vetted@localhost", "The sender of all mail, as Name <address>."),
    Variable("LOOKUP_CONTACT", "none", "A mail address that Crossref and PubMed may write to; no look-ups without it."),
    Variable("LOOKUP_CROSSREF", CROSSREF, "Where works are looked up by DOI; empty turns it off."),
    Variable(
        "LOOKUP_PUBMED",
        PUBMED,
        "Where articles are looked up by PMID; empty turns it off.",
    ),
    Variable(
        "LOOKUP_PMC",
        PMC,
        "Where PMCIDs are looked up; empty turns it off.",
    ),
    Variable("LOOKUP_TIMEOUT", "10", "Seconds that one look-up may take at each of them; 1 to 60."),
    Variable("LOOKUP_PAGES", "true", "Whether links of articles are asked daily if they still answer."),
    Variable(
        "LEDGER_ANCHOR",
        "none",
        "File to which `manage.py daily` appends the ledger's head, best on append-only storage.",
    ),
    Variable("TSA_URL", "none", "A time-stamp authority (RFC 3161) that the daily run asks about the ledger's head."),
    Variable(
        "ORGANISATION_KEY",
        "keys/organisation.pem in VAR_DIR",
        "The organisation's private key: a file, or the PEM itself. Only `manage.py keys` needs it.",
    ),
    Variable(
        "DELIVERY_KEY",
        "keys/delivery.pem in VAR_DIR",
        "The key that signs heads and states: a file, or the PEM itself. Only the worker needs it.",
    ),
    Variable("TEST_DATABASE_URL", POSTGRES_HERE, "The PostgreSQL that the tests may use."),
)

env = environ.Env()


def var_dir() -> Path:
    """The folder for everything that a running installation writes; created if it is missing."""
    folder = Path(env.str("VAR_DIR", default=str(ROOT / "var"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def port() -> int:
    return env.int("PORT", default=8000)


def public_url() -> str:
    """Absolute, without a slash at the end."""
    return env.str("PUBLIC_URL", default=f"http://127.0.0.1:{port()}").rstrip("/")


def admin_url(otherwise: str = "") -> str:
    """Absolute, without a slash at the end."""
    return env.str("ADMIN_URL", default=otherwise or f"http://localhost:{port()}").rstrip("/")


def rp_id(admin_url: str) -> str:
    """The domain that passkeys are made for."""
    return env.str("RP_ID", default="") or urlsplit(admin_url).hostname or ""


def require_domain(domain: str, *, of: str) -> None:
    """Raises ImproperlyConfigured unless passkeys of this domain work at the address: browsers refuse others."""
    host = urlsplit(of).hostname or ""
    if not f".{host}".endswith(f".{domain}"):
        raise ImproperlyConfigured(f"RP_ID is the host of ADMIN_URL ({host}) or a domain above it, not {domain!r}.")


def web_url() -> str:
    return env.str("WEB_URL", default="")


def allowed_hosts() -> list[str]:
    return env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])


def debug() -> bool:
    return env.bool("DEBUG", default=False)


def redis_url() -> str:
    return env.str("REDIS_URL", default="")


def offline_hours() -> int:
    return _hours("OFFLINE_HOURS")


def state_hours() -> int:
    return _hours("STATE_HOURS")


def _hours(name: str) -> int:
    """At least one, at most a week; a day by default."""
    return min(max(1, env.int(name, default=24)), 7 * 24)


def fixtures() -> bool:
    return env.bool("FIXTURES", default=False)


def trusted_proxies() -> int:
    """Not negative."""
    return max(0, env.int("TRUSTED_PROXIES", default=0))


def purge() -> dict[str, Any]:
    """The cache in front of the API as api.purging.caches reads it; empty without PURGE_URL. Raises
    ImproperlyConfigured."""
    url, token = env.str("PURGE_URL", default=""), env.str("PURGE_TOKEN", default="")
    scheme, _, rest = url.partition("://")
    if not url:
        return {}
    if scheme == "varnish" and all(map(_is_address, rest.split(","))):
        return {"BACKEND": "api.purging.caches.Varnish", "OPTIONS": {"addresses": rest.split(",")}}
    if scheme == "fastly" and re.fullmatch(r"[A-Za-z0-9]+", rest):
        if not token:
            raise ImproperlyConfigured("PURGE_URL names Fastly: set PURGE_TOKEN to a token with scope purge_select.")
        return {"BACKEND": "api.purging.caches.Fastly", "OPTIONS": {"service": rest, "token": token}}
    raise ImproperlyConfigured(f"PURGE_URL is varnish://host:port,host:port or fastly://SERVICE, not {url!r}.")


def _is_address(text: str) -> bool:
    """host:port."""
    form = re.fullmatch(r"([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})", text, re.ASCII)
    return form is not None and 0 < int(form[2]) < 2**16


def rate_anonymous() -> int:
    """Requests a minute; 0 for no limit."""
    return max(0, env.int("RATE_ANONYMOUS", default=600))


def rate_key() -> int:
    """Requests a minute; 0 for no limit."""
    return max(0, env.int("RATE_KEY", default=6000))


def email(otherwise: str = "") -> dict[str, object]:
    """Django's EMAIL_ settings; without EMAIL_URL those of `otherwise`, and without that files under VAR_DIR."""
    url = env.str("EMAIL_URL", default="") or otherwise
    folder = {"EMAIL_BACKEND": FILES, "EMAIL_FILE_PATH": var_dir() / "mail"}
    return (dict(env.email_url_config(url)) if url else folder) | {"EMAIL_TIMEOUT": 5}


def email_from() -> str:
    return env.str("EMAIL_FROM", default="vetted@localhost")


def lookup() -> dict[str, Any]:
    """How works are looked up, as articles.sources.lookup.client reads it. Raises ImproperlyConfigured."""
    urls = {
        "CROSSREF_URL": env.str("LOOKUP_CROSSREF", default=CROSSREF),
        "PUBMED_URL": env.str("LOOKUP_PUBMED", default=PUBMED),
        "PMC_URL": env.str("LOOKUP_PMC", default=PMC),
    }
    if wrong := [url for url in urls.values() if url and not re.match("https?://[^/]", url)]:
        raise ImproperlyConfigured(f"The LOOKUP_ addresses begin with https:// or are empty; {wrong[0]!r} is neither.")
    contact = env.str("LOOKUP_CONTACT", default="")
    if not re.fullmatch(r"([^\s@<>()]+@[^\s@<>()]+)?", contact):
        raise ImproperlyConfigured("LOOKUP_CONTACT is a mail address such as library@publisher.example.")
    timeout_s = min(max(1, env.int("LOOKUP_TIMEOUT", default=10)), 60)
    is_asking_pages = env.bool("LOOKUP_PAGES", default=True)
    return urls | {"CONTACT": contact, "TIMEOUT_S": timeout_s, "SPACING_S": 0.35, "PAGES": is_asking_pages}


def ledger_anchor() -> Path | None:
    return Path(given) if (given := env.str("LEDGER_ANCHOR", default="")) else None


def tsa_url() -> str:
    """Raises ImproperlyConfigured."""
    url = env.str("TSA_URL", default="")
    if url and not re.match("https?://[^/]", url):
        raise ImproperlyConfigured(f"TSA_URL begins with https:// or http://; {url!r} does not.")
    return url


def organisation_key() -> str:
    """The PEM or the path of its file; it is read where it is used (articles.publishing.proof.private_keys)."""
    return env.str("ORGANISATION_KEY", default="") or str(var_dir() / "keys" / "organisation.pem")


def delivery_key() -> str:
    """As `organisation_key`."""
    return env.str("DELIVERY_KEY", default="") or str(var_dir() / "keys" / "delivery.pem")


def test_database_url() -> str:
    return env.str("TEST_DATABASE_URL", default=POSTGRES_HERE)


def secret_key() -> str:
    """SECRET_KEY, or a key generated at the first start and kept, readable by its owner only."""
    given = env.str("SECRET_KEY", default="")
    if given:
        return given
    file = var_dir() / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def database() -> dict[str, object]:
    """Django's settings of the default database; SQLite under VAR_DIR unless DATABASE_URL says otherwise."""
    config = dict(env.db_url("DATABASE_URL", default=f"sqlite:///{var_dir() / 'vetted.sqlite3'}"))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return config | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None}
    return config | POSTGRESQL | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def delivery_database() -> dict[str, object]:
    """As `database`, but no connection is tried before each request: api.protocol.database asks again where one is
    lost. SQLite reads its file through memory that all processes share."""
    found = database() | {"CONN_HEALTH_CHECKS": False}
    if found["ENGINE"] == "django.db.backends.sqlite3":
        mapped = f"{SQLITE_OPTIONS['init_command']} PRAGMA mmap_size=268435456;"
        found |= {"OPTIONS": SQLITE_OPTIONS | {"init_command": mapped}}
    return found


# Django's own, which gives up where delivery may not wait.
POSTGRESQL = {"ENGINE": "api.protocol.postgresql"}

# IMMEDIATE takes the write lock at BEGIN: two writers wait for each other instead of failing half-way.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
}


def require(*names: str) -> None:
    """Raises ImproperlyConfigured, naming each of these variables that is not set or is empty."""
    if absent := [name for name in names if not env.str(name, default="")]:
        raise ImproperlyConfigured(f"Set these environment variables before starting: {', '.join(absent)}.")


def database_for_tests() -> dict[str, object]:
    """SQLite, or PostgreSQL with TEST_ENGINE=postgresql; tests/databases.py puts a copied database in."""
    if env.str("TEST_ENGINE", default="sqlite") == "postgresql":
        return env.db_url_config(test_database_url()) | POSTGRESQL
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": SQLITE_OPTIONS}
