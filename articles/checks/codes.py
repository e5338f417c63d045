"""Do codes and their names agree with the code lists that are loaded? What is not loaded is not judged."""

from collections.abc import Iterator

from articles.checks.finding import Finding, Severity
from articles.checks.places import Place, as_text, claims
from articles.document.draft import Draft
from articles.record.vocabulary import CodeSystem, SectionKind


def code_not_in_list(draft: Draft) -> Iterator[Finding]:
    """A code that its terminology does not have, or no longer: other systems find nothing by it.
    Source: HL7 Infobutton (a topic is found by its code); the code lists that this installation has loaded."""
    for place, name in _codes(draft):
        code, listed = place.value["code"], draft.listed_codes.get(place.value["system"])
        if listed is not None and code not in listed:
            message = f"Check the code {code} of {place.name}: the list of {name} that is loaded here does not have it."
            yield Finding(Severity.WARNING, place.path, message)


def code_and_words_differ(draft: Draft) -> Iterator[Finding]:
    """A code beside words that mean something else: people read the words, and other systems go by the code.
    Source: HL7 FHIR, Coding.display (the text that the system defines); the code lists that are loaded."""
    for place, name in _codes(draft):
        code, words = place.value["code"], as_text(place.value.get("display") or place.value.get("name"))
        names = draft.listed_codes.get(place.value["system"], {}).get(code, ())
        if words and names and _folded(words) not in map(_folded, names):
            message = f"Check the code {code} of {place.name}: {name} calls it “{names[0]}”, and here it is “{words}”."
            yield Finding(Severity.WARNING, place.path, message)


def _codes(draft: Draft) -> Iterator[tuple[Place, str]]:
    """Each code with the name of its terminology."""
    for place in _places(draft):
        value = place.value
        if isinstance(value, dict) and value.get("system") in CodeSystem.values and as_text(value.get("code")):
            yield place, str(CodeSystem(value["system"]).label)


def _places(draft: Draft) -> Iterator[Place]:
    for index, code in enumerate(draft.codes):
        yield Place(f"codes/{index}", "the article", code)
    for index, substance in enumerate(draft.substances):
        yield Place(f"substances/{index}", f"substance {index + 1}", substance)
    for cause in claims(draft, SectionKind.CAUSES, "items"):
        codes = cause.value.get("codes")
        for index, code in enumerate(codes if isinstance(codes, list) else []):
            yield Place(f"{cause.path}/codes/{index}", cause.name, code)


def _folded(words: str) -> str:
    """Without case, spaces and signs."""
    return "".join(sign for sign in words.casefold() if sign.isalnum())


CHECKS = (code_not_in_list, code_and_words_differ)
