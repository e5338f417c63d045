"""Public addresses: PUBLIC_URL for the API, WEB_URL for the publisher's own pages, else our reading pages."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings


@dataclass(frozen=True)
class Site:
    """`web_url` is a template with {locale} and {slug}; if it is empty, readers read at `/read/` (cms.urls). Slugs of
    any alphabet are encoded (RFC 3986)."""

    public_url: str
    web_url: str
    files_url: str
    default_locale: str

    @property
    def api_url(self) -> str:
        return f"{self.public_url}/api/v1/"

    def article_url(self, slug: str, locale: str) -> str:
        suffix = "" if locale == self.default_locale else f"?locale={locale}"
        return f"{self.api_url}articles/{quote(slug)}/{suffix}"

    def page_url(self, slug: str, locale: str) -> str:
        template = self.web_url or f"{self.public_url}/read/{{locale}}/{{slug}}/"
        return template.replace("{locale}", locale).replace("{slug}", quote(slug))

    def file_url(self, path: str) -> str:
        return f"{self.public_url}{self.files_url}{path}"


def this_site() -> Site:
    return Site(settings.PUBLIC_URL, settings.WEB_URL, settings.EDITION_FILES_URL, settings.LANGUAGE_CODE)
