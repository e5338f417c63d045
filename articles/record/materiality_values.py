"""Do two values of a document say the same? Texts by their words, everything else exactly. Pure.

A field is compared as a text only where it is named here; of an unknown one any difference is material, white
space apart.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from articles.record.compare.text import is_portable, said
from articles.record.compare.values import Json, Names, item_name
from articles.record.materiality_links import is_repaired
from articles.record.materiality_rich import compare_blocks
from articles.record.materiality_split import SPACE
from articles.record.materiality_text import Difference, Given, compare_texts
from articles.record.materiality_words import words

TEXTS = words(
    """
    title summary heading text name statement population effect comparator absolute group advice outcome question answer
    signs action caption rows alt credit label disclosure description sponsorship ama nlm container-title
    """
)
# Inside these nothing is a text: names of substances and people, codes, ids, addresses.
EXACT = words("substances authors codes related offers disclaimers target scope")
LONGEST = 200  # characters of a value that are shown
WHY = {
    "language": "the language changed",
    "audience": "the audience changed",
    "article_type": "the type of article changed",
    "codes": "what the article is about, in codes, changed",
    "substances": "a substance or how it may be sold changed",
    "importance": "whether it must be shown changed",
    "aspect": "what the section is about changed",
    "action": "what a step does changed",
    "subjects": "in whom it was studied changed",
    "sample_size": "a number changed",
    "certainty": "how sure we are changed",
    "certainty_basis": "what the certainty is based on changed",
    "frequency": "how often it happens changed",
    "severity": "how severe it is changed",
    "route": "the route changed",
    "level": "how urgent or strict it is changed",
    "citations": "a citation came, went or moved",
    "source": "another source is cited",
    "sources": "other sources are listed",
    "support": "how far the source supports it changed",
    "locator": "where in the source it stands changed",
    "quote": "a quotation changed",
    "purposes": "which offers may stand here changed",
    "purpose": "what the offer is for changed",
    "target": "where the offer leads changed",
    "scope": "what the offer may stand beside changed",
    "is_prescription": "whether it is for a prescription medicine changed",
    "sha256": "the picture changed",
    "width": "the picture changed",
    "height": "the picture changed",
    "focal_point": "which part of the picture is kept changed",
    "hero": "the picture changed",
    "image": "the picture changed",
    "figure": "the picture changed",
    "rows": "a row or a cell came or went",
    "header_row": "which cells are headers changed",
    "header_column": "which cells are headers changed",
    "authors": "the byline changed",
    "offers": "which offer stands where changed",
    "disclaimers": "which disclaimers stand there changed",
    "related": "the related articles changed",
    "design": "the study design changed",
    "doi": "a number that identifies the work changed",
    "pmid": "a number that identifies the work changed",
    "url": "where the reference leads changed",
    "csl": "the record of the work changed",
}

Told = Iterator[tuple[str, Difference]]  # (the item of a list or "", the difference)


@dataclass(frozen=True)
class Values:
    """`names` says what ids stand for, `given` what the documents say about their words."""

    names: Names
    given: Given

    def compare(self, key: str, old: Any, new: Any, *, is_exact: bool = False) -> Told:
        """Every difference of a field; nothing only if the values are equal."""
        if exactly(old) == exactly(new):
            return
        is_exact = is_exact or key in EXACT
        if isinstance(old, dict) and isinstance(new, dict) and set(old) == set(new):
            for each, value in new.items():
                yield from self.compare(each, old[each], value, is_exact=is_exact)
        elif _is_rich(old, new):
            yield from (("", each) for each in compare_blocks(old, new, self.names, self.given))
        elif isinstance(old, list) and isinstance(new, list):
            yield from self._lists(key, old, new, is_exact)
        else:
            yield from (("", each) for each in self._single(key, old, new, is_exact))

    def compare_sections(self, old: Json, new: Json) -> Told:
        """Every difference of two versions of one section; items of lists are named."""
        if set(old) != set(new) or old["kind"] != new["kind"]:
            yield "", Difference(True, str(old["kind"]), str(new["kind"]), "the kind of section changed")
            return
        for key, value in new.items():
            was = old[key]
            if (
                not isinstance(value, list)
                or not isinstance(was, list)
                or len(was) != len(value)
                or _is_rich(was, value)
            ) or sorted(map(exactly, was)) == sorted(map(exactly, value)):
                yield from self.compare(key, was, value)
            else:
                for before, after in zip(was, value, strict=True):
                    named = item_name(new["kind"], key, after)
                    yield from ((named, each) for _, each in self.compare(key, before, after))

    def _lists(self, key: str, old: list, new: list, is_exact: bool) -> Told:
        before, after = Counter(map(exactly, old)), Counter(map(exactly, new))
        if before == after:
            yield "", Difference(True, "", "", "the order changed")
        elif len(old) == len(new):
            for was, now in zip(old, new, strict=True):
                yield from self.compare(key, was, now, is_exact=is_exact)
        else:
            gone = [json.loads(each) for each in (before - after).elements()]
            come = [json.loads(each) for each in (after - before).elements()]
            why = WHY.get(key, "something was added to a list" if len(new) > len(old) else "something left a list")
            yield "", Difference(True, self._words(key, gone), self._words(key, come), why)

    def _single(self, key: str, old: Any, new: Any, is_exact: bool) -> list[Difference]:
        if isinstance(old, str) and isinstance(new, str):
            if key in TEXTS and not is_exact:
                return compare_texts(old, new, given=self.given)
            if key == "quote":
                return compare_texts(old, new, given=self.given, is_verbatim=True)
            if _collapsed(old) == _collapsed(new):
                return [Difference(False, old, new, "only white space or the form of a mark changed")]
            if key.lower() == "url" and not is_exact and is_repaired(old, new):
                return [Difference(False, old, new, "a link was repaired")]
        why = WHY.get(key, "it changed, and is no running text")
        return [Difference(True, self._words(key, old), self._words(key, new), why)]

    def _words(self, key: str, value: Any) -> str:
        text = "".join(said(key, value, self.names)).strip()
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _is_rich(old: Any, new: Any) -> bool:
    """Whether both are rich text, one of them perhaps empty."""
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    return (is_portable(old) or not old) and (is_portable(new) or not new) and bool(old or new)


def _collapsed(text: str) -> str:
    return SPACE.sub(" ", text).strip(" ")


def exactly(value: Any) -> str:
    """Equal exactly if the values are; True and 1 are not."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
