"""Reads a line of a source list: "Publisher: Title", Vancouver, AMA and APA lines, or a bare title.

The result is a guess for an editor to correct; the line itself is always kept as written.
"""

# ruff: noqa: E501 - tables of patterns: one meaning a line reads better than a wrapped one
import re

from articles.intake.outline import Reference
from articles.sources.identifiers import Identifiers, find_identifiers

MAX_LINE = 2000  # characters
MAX_SEEN = 600
_LIST_HEADING = re.compile(
    r"(?:(?:our|the|list of|selected|key) )*(?:sources?|references?|bibliography|works cited|literature(?: cited)?|further reading"
    r"|reading list|footnotes|quellen(?:angaben|verzeichnis)?|literatur(?:verzeichnis)?|einzelnachweise|références|bibliographie"
    r"|fuentes|referencias|bibliografía|bibliografia|referências|fontes|bronnen|literatuur)(?: (?:and|&|\+) .{1,30})?"
)
_PUBLISHER = re.compile(r"(?P<publisher>[^:.;()\d][^:;()]{1,60}?):\s+(?P<title>(?=[\"“'‘A-Z0-9À-Þ]).{6,})", re.S)
_AUTHOR = r"[A-ZÀ-Þ][\w'’-]+(?:[ -][A-Za-zÀ-ÿ'’-]+){0,2} [A-Z]{1,4}"
_VANCOUVER = re.compile(
    rf"(?:{_AUTHOR}(?:, (?:{_AUTHOR}|et al))*(?:,? et al)?)\.\s+(?P<title>.+?[?!]|.+?)(?:\.\s|[?!]\s|$)"
)
_APA = re.compile(r"[^()]{3,300}\((?:19|20)\d\d[a-z]?(?:, [^)]*)?\)\.?\s+(?P<title>.+?)(?:[.?!]\s|$)")
_QUOTED = re.compile(r"[\"“](?P<title>[^\"”]{10,})[\"”]")
_TAIL = re.compile(
    r"\bdoi:?\s*(?:https?://\S+|10\.\S+)|\bpmid:?\s*\d+|\bpmcid:?\s*(?:PMC)?\d+|https?://\S+|www\.\S+|\[pubmed\]",
    re.I,
)


# fmt: off
_SHAPES = (
    ("address alone", re.compile(r"(?:\W*|\w+: ?)(?:https?://|www\.)\S+\s*$")),
    ("identifier", re.compile(r"\b10\.\d{4,9}/\S+|\bPMI?D\b:? ?\d|pubmed", re.I)),
    ("volume and pages", re.compile(r"\b\d{1,4} ?\(\d+(?:[-–]\d+)?\) ?[:,]|[;,] ?\d+(?:\(\d+\))?: ?(?!\d\d ?(?:[ap]\.?m|h\b|Uhr))[A-Za-z]?\d+|\b(?:et al|u\. a)\b(?!\.?,? ?\(?(?:19|20)\d\d)|;\d+")),
    ("year in parentheses", re.compile(r"\((?:[^()]{0,20}\b)?(?:19|20)\d\d[a-z]?\b[^()]{0,12}\)")),
    ("address", re.compile(r"https?://|www\.")),
    ("year at the end", re.compile(r"(?:[,.;] ?|\b)(?:19|20)\d\d\b[.)]?\s*$")),
    ("publisher and title", re.compile(r"(?!.*\d{3}[ -]\d\d)[A-ZÀ-Þ][^:.?!]{2,60}(?::| [–—-]) \S.{5,}")),
)
# fmt: on


_CONTACT = re.compile(
    r"(?<![\w-])(?:\+?\d{1,3}[ -])?\(?\d{3}\)?[ -]\d{3}[ -]\d{4}\b|\b(?:phone|tel|fax|e-?mail)\b\.?:|\w@\w+[.-]\w", re.I
)


def has_contact(text: str) -> bool:
    """Whether it says how to call or write to somebody; a reference does not."""
    return _CONTACT.search(text[:MAX_SEEN]) is not None


def is_list_heading(text: str) -> bool:
    """Whether it is a usual heading of a source list: “Sources and references:”."""
    return len(text) < 80 and _LIST_HEADING.fullmatch(text.strip(" :.#").casefold()) is not None


def shape_of_reference(text: str) -> str:
    """What makes the line look like a reference: "identifier", "address alone", …; "no" where nothing does."""
    line = text[:MAX_SEEN]
    if len(text) > MAX_LINE or has_contact(text):
        return "no"
    return next((name for name, pattern in _SHAPES if pattern.search(line)), "no")


def read_reference(line: str) -> Reference:
    """{publisher, title, url, doi, pmid, pmcid} of one line; the title is the whole line if nothing better shows."""
    found = find_identifiers(line)
    publisher, title = _named(" ".join(line.split()))
    return _reference(title or " ".join(line.split()), publisher, found)


def _reference(title: str, publisher: str, found: Identifiers) -> Reference:
    return Reference(title, publisher, found.url, found.doi, found.pmid, found.pmcid)


def _named(line: str) -> tuple[str, str]:
    if len(line) > MAX_LINE:
        return "", line
    for pattern in (_VANCOUVER, _APA, _QUOTED):
        if match := pattern.match(line) if pattern is not _QUOTED else pattern.search(line):
            return "", _tidy(match["title"])
    if (match := _PUBLISHER.fullmatch(line)) and len(match["publisher"].split()) <= 6:
        return match["publisher"].strip(), _tidy(match["title"])
    return "", _tidy(line)


_EDGES = ' .,;:-–—"“”'


def _tidy(title: str) -> str:
    """Without identifiers, addresses and the punctuation that they leave behind."""
    tidy = _TAIL.sub("", title).strip(_EDGES)
    for pair in ("()", "[]"):
        if tidy.count(pair[0]) != tidy.count(pair[1]):
            tidy = tidy.strip(_EDGES + pair)
    return tidy
