"""Author lines as people type them, and the names of CSL-JSON. Pure. Used by sources and lookup.

Cobb, Fields W., Jr.             {"family": "Cobb", "given": "Fields W.", "suffix": "Jr."}
van der Meer, Jos W. M.          {"family": "van der Meer", "given": "Jos W. M."}
World Health Organization        {"literal": "World Health Organization"}
"Health, Education and Welfare"  {"literal": "Health, Education and Welfare"}
"""

import re
from collections.abc import Iterator

Name = dict[str, str]

EXAMPLES = (
    "Write one author per line, for example “Lee, Dennis J. W.”, “Cobb, Fields W., Jr.” or “World Health Organization”."
)
LONGEST = 300  # characters of a name's part
_NEVER_GIVEN = r"(?i:jr|sr)\.?|I{2,3}|IV|2nd|3rd|[4-8]th"
_SUFFIX = re.compile(rf"{_NEVER_GIVEN}|VI{{0,3}}")
_ENDS_IN_SUFFIX = re.compile(rf"(.*\S)[\s,]+({_NEVER_GIVEN})")
_DEGREE = re.compile(r"(?i)(?:m\.?d|ph\.?d|d\.?o|m\.?p\.?h|m\.?sc|r\.?n|f\.?r\.?c\.?p|m\.?b\.?b\.?s|prof|dr|esq)\.?")
_ET_AL = re.compile(r"(?i)\bet\s+al\b|\band\s+others\b")
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_INITIALS = rf"(?:{_CAPITAL}\.?[\s-]?){{1,3}}{_CAPITAL}\.?|{_CAPITAL}\.?"
_DOTTED = re.compile(rf"(?:{_CAPITAL}\.[\s-]?){{1,5}}")
# PubMed's and Vancouver's form: a family name with small letters, then initials, then perhaps a suffix.
_SHORT = re.compile(rf"([^\W\d_][^,;]*[^\W\d_A-Z][^,;\s]*|[A-Z][a-z]+)\s({_INITIALS})(?:\s(\S+))?")
_AND = re.compile(r"^(?:and|&)\s+")


def read_names(text: str) -> list[Name]:
    """The authors as CSL-JSON names, one for each line; a line that `tidy_authors` would refuse reads as well as it
    can. Source: CSL-JSON schema 1.0.2."""
    return [_read(line.strip()) for line in text.splitlines() if line.strip()]


def tidy_authors(text: str) -> str:
    """One author per line, as `read_names` reads them: authors that were pasted into one line get lines of their own.

    Raises ValueError, saying which line cannot be read and how to write it.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(author for line in lines if line for author in _split(line))


def write_name(name: Name) -> str:
    """The line that reads as this CSL-JSON name; its particles stand before the family or after the given name."""
    family = _words(name, "non-dropping-particle", "family")
    given = _words(name, "given", "dropping-particle")
    suffix = _words(name, "suffix")
    if not family or not given:
        return _quoted(family or _words(name, "literal") or given)
    family, given = re.sub("[,;]", "", family), given.replace(";", "").rstrip(", ")
    if not suffix and (found := _ENDS_IN_SUFFIX.fullmatch(given) or _ENDS_IN_SUFFIX.fullmatch(family)):
        family, given = (family, found[1]) if given == found[0] else (found[1], given)
        suffix = found[2]
    line = f"{family}, {given.replace(',', '')}"
    return f"{line}, {suffix}" if _SUFFIX.fullmatch(suffix) else line


def _words(name: Name, *keys: str) -> str:
    return " ".join(" ".join(str(name.get(key) or "") for key in keys).split())


def _quoted(organization: str) -> str:
    if re.search("[,;]", organization):
        return f'"{organization.replace(chr(34), "")}"'
    return organization


def _read(line: str) -> Name:
    if _is_quoted(line):
        return {"literal": line[1:-1].strip()}
    family, comma, given = (part.strip() for part in line.partition(","))
    before, last_comma, suffix = (part.strip() for part in given.rpartition(","))
    if last_comma and _SUFFIX.fullmatch(suffix):
        return {"family": family, "given": before, "suffix": suffix}
    return {"family": family, "given": given} if comma else {"literal": family}


def _is_quoted(line: str) -> bool:
    """A name with a comma or semicolon that is an organization's."""
    return re.fullmatch(r'"[^"]*[,;][^"]*"', line) is not None


def _split(line: str) -> list[str]:
    if any(len(part) > LONGEST for part in re.split("[,;]", line)):
        raise ValueError(f"“{line[:40]}…” is too long for a name. {EXAMPLES}")
    if _is_quoted(line):
        return [_checked(line)]
    if ";" in line:
        return [author for part in line.split(";") if part.strip() for author in _split(_AND.sub("", part.strip()))]
    parts = [_AND.sub("", part.strip()) for part in line.split(",") if part.strip()]
    shorts = [_SHORT.fullmatch(part) for each in parts for part in re.split(r"\s(?:and|&)\s", each)]
    if len(shorts) > 1 and all(match and (not match[3] or _SUFFIX.fullmatch(match[3])) for match in shorts):
        return [", ".join(filter(None, match.groups())) for match in shorts if match]
    if len(parts) > 3 and (pairs := list(_pairs(parts))):
        return pairs
    return [_checked(line)]


def _pairs(parts: list[str]) -> Iterator[str]:
    """Smith, J. A., Cobb, F. W., Jr., & Doe, B.: nothing unless every second part is initials with full stops."""
    authors: list[list[str]] = []
    for part in parts:
        if authors and (len(authors[-1]) == 1 or (len(authors[-1]) == 2 and _SUFFIX.fullmatch(part))):
            authors[-1].append(part)
        else:
            authors.append([part])
    if all(len(author) > 1 and _DOTTED.fullmatch(author[1]) and not _DOTTED.fullmatch(author[0]) for author in authors):
        yield from (", ".join(author) for author in authors)


def _checked(line: str) -> str:
    """The line as it is stored. Raises ValueError."""
    if _ET_AL.search(line):
        raise ValueError(f"“{line}”: name all authors; references shorten long lists by themselves. {EXAMPLES}")
    name = _read(line)
    if "literal" in name:
        return _organization(line)
    family, given, suffix = name["family"], name["given"], name.get("suffix", "")
    if any(_DEGREE.fullmatch(part.strip()) for part in given.split(",")):
        raise ValueError(f"“{line}”: leave out degrees and titles. {EXAMPLES}")
    if not family or not given or re.search(rf",|\s(?:and|&)\s|^(?:{_NEVER_GIVEN})$", given):
        raise ValueError(
            f"“{line}” is no single author. {EXAMPLES} Put an organization with a comma in quotation marks."
        )
    tidy = ", ".join(filter(None, (family, given, suffix)))
    if not suffix and write_name(name) != tidy:
        raise ValueError(f"“{line}”: write the suffix last, after a comma: “{write_name(name)}”.")
    return tidy


def _organization(line: str) -> str:
    if not any(character.isalnum() for character in line):
        raise ValueError(f"“{line}” is no name. {EXAMPLES}")
    return line
