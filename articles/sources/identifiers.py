"""Which DOI, PMID, PMCID and web address does a line of text name? Pure. Used by sources, lookup and intake.

Identifiers come out in one form each, so that equal works compare equal:
`10.1038/srep14959`, `26456465`, `PMC4601261`, `https://www.nice.org.uk/guidance/ng1`.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_LONGEST = 10_000  # characters of a line that are read; what is longer is no reference

# Printable ASCII without what ends a DOI in a sentence, in HTML or in an address; "#" only as a SICI's check
# character. Sources: DOI Handbook §2.2 (prefix and suffix); ANSI/NISO Z39.56 (SICI).
_DOI = r"""10\.[0-9]{4,9}(?:\.[0-9]+)*/(?:(?!</|[.,;]+(?:PMC?ID|Epub))(?:[!$%'->@-~]|(?<=;2-)\#)){1,300}"""
_DOI_IN_TEXT = re.compile(rf"(?i)(?<![0-9.])({_DOI})")
_DOI_ALONE = re.compile(rf"(?i)(?:doi:?\s{{0,3}}|\S*?[/:<(\[])??({_DOI})")
_VIEW_OF_DOI = re.compile(r"(?i)(?:[/.](?:full|fulltext|abstract|e?pdf|html|meta)[/.,;:]*)+$")

_NCBI = r"(?:https?://)?(?:www\.)?ncbi\.nlm\.nih\.gov"
_PUBMED = rf"(?:(?:https?://)?pubmed\.ncbi\.nlm\.nih\.gov|{_NCBI}(?:/m)?/pubmed)"
_PUBMED_PAGE = re.compile(rf"(?i){_PUBMED}/(?:\?term=)?0*([0-9]{{1,8}})(?:/|\[(?:uid|pmid)\])?(?![\w+%,&=-])")
_PMID_LABEL = re.compile(r"(?i)\b(?:PMID\s{0,3}[:#=-]?|PubMed(?: ID)?\s{0,3}[:#])\s{0,3}0*([0-9]{1,8})\b(?!-[0-9])")
_PMC_PAGE = re.compile(
    rf"(?i)(?:(?:https?://)?pmc\.ncbi\.nlm\.nih\.gov|{_NCBI}/pmc)/articles/PMC([0-9]{{1,9}})/?(?![\w/])"
)
_PMCID_LABEL = re.compile(r"(?i)\b(?:PMCID\s{0,3}:?\s{0,3}(?:PMC)?|PMC)([0-9]{1,9})\b")

_ADDRESS = re.compile(r"""(?i)https?://[^\s<>"]+|(?<![\w./@-])www\.[^\s<>"]+""")
_DOI_PAGE = re.compile(r"(?i)https?://(?:www\.|dx\.)?doi\.org/(?:doi:)?10\.")

_HYPHENS = {ord(character): "-" for character in "\u2010\u2011\u2012\u2013\u2014\u2212"}
INVISIBLE = {ord(character): None for character in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_BRACKETS = {")": "(", "]": "[", ">": "<", "}": "{"}


@dataclass(frozen=True)
class Identifiers:
    """What a line names; "" where it names none. `url` is an address that no identifier stands for."""

    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""


def find_identifiers(text: str) -> Identifiers:
    """The first identifier of each kind in a reference line, as authors type and paste them."""
    text = text[:_LONGEST].translate(INVISIBLE)
    return Identifiers(_find_doi(text), _find_pmid(text), _find_pmcid(text), _find_url(text))


def find_every(text: str) -> dict[str, list[str]]:
    """Every identifier of a text, each once: `{"doi": […], "pmid": […], "pmcid": […], "url": […]}`."""
    text = text[:_LONGEST].translate(INVISIBLE)
    found = {
        "doi": [_tidy_doi(match[1]) for match in _DOI_IN_TEXT.finditer(_decoded(text))],
        "pmid": [match[1].lstrip("0") for at in (_PMID_LABEL, _PUBMED_PAGE) for match in at.finditer(unquote(text))],
        "pmcid": [f"PMC{match[1]}" for match in _PMCID_LABEL.finditer(text)],
        "url": [url for url in _addresses(text) if not _is_resolver(url)],
    }
    return {kind: list(dict.fromkeys(filter(None, values))) for kind, values in found.items()}


def normalize_doi(text: str) -> str:
    """The DOI in lower case, if the text is one, bare, labelled or as an address; else "".

    DOIs differ by case only in looks. Source: DOI Handbook §2.4.
    """
    match = _DOI_ALONE.fullmatch(_decoded(text[:_LONGEST].translate(INVISIBLE)).strip())
    return _tidy_doi(match[1]) if match else ""


def normalize_pmid(text: str) -> str:
    """The PMID without leading zeros, if the text is one, bare, labelled or as an address; else ""."""
    text = text[:_LONGEST].translate(INVISIBLE).strip()
    if re.fullmatch(r"[0-9]{1,8}", text):
        return text.lstrip("0")
    found = _PUBMED_PAGE.match(text) or _PMID_LABEL.match(text)
    return found[1].lstrip("0") if found and not text[found.end() :].strip(" .,;/") else ""


def normalize_pmcid(text: str) -> str:
    """PMC and the number, if the text is a PMCID, with or without PMC, labelled or as an address; else ""."""
    text = text[:_LONGEST].translate(INVISIBLE).strip().rstrip(".,;")
    if match := re.fullmatch(r"(?i)(?:PMC)?\s?0*([1-9][0-9]{0,8})", text):
        return f"PMC{match[1]}"
    found = _PMC_PAGE.fullmatch(text) or _PMCID_LABEL.fullmatch(text)
    return f"PMC{found[1]}" if found else ""


def _find_doi(text: str) -> str:
    match = _DOI_IN_TEXT.search(_decoded(text))
    return _tidy_doi(match[1]) if match else ""


def _find_pmid(text: str) -> str:
    match = _PMID_LABEL.search(text) or _PUBMED_PAGE.search(unquote(text))
    return match[1].lstrip("0") if match else ""


def _find_pmcid(text: str) -> str:
    match = _PMCID_LABEL.search(text)
    return f"PMC{match[1]}" if match else ""


def _find_url(text: str) -> str:
    return next((url for url in _addresses(text) if not _is_resolver(url)), "")


def _addresses(text: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(text):
        address = _without_tail(match[0])
        yield address if "://" in address else f"https://{address}"


def _is_resolver(url: str) -> bool:
    """Whether an identifier says all that this address says."""
    return any(pattern.match(unquote(url)) for pattern in (_DOI_PAGE, _PUBMED_PAGE, _PMC_PAGE))


def _decoded(text: str) -> str:
    """Undoes what browsers and PDF readers do to a DOI: entities, percent-encoding, typographic hyphens."""
    return unquote(html.unescape(text)).translate(_HYPHENS)


def _tidy_doi(text: str) -> str:
    """Without what follows the DOI in a sentence or an address, however often one tail follows another."""
    doi = _without_tail(_VIEW_OF_DOI.sub("", _without_tail(text))).rstrip("/")
    if doi != text:
        return _tidy_doi(doi)
    return doi.lower() if "/" in doi else ""


def _without_tail(text: str) -> str:
    """Cuts at a closing bracket that nothing opened, then the punctuation that belongs to the sentence."""
    opened: list[str] = []
    for position, character in enumerate(text):
        if character in _BRACKETS.values():
            opened.append(character)
        elif character in _BRACKETS and (not opened or opened.pop() != _BRACKETS[character]):
            text = text[:position]
            break
    return text.rstrip(".,;:!?'\"*_’”»…")
