"""How well references are recognized and printed: `make measure-sources`, with ../shared beside the checkout.

Five sets, each asked through HTTP of a server on this machine:

- references of recorded works, as AMA and as NLM print them (made by citeproc-js);
- PDQ's and ALiEM's own lines, searched among works of which the server knows what these lines say, since no record of
  them is recorded here: this measures who is chosen among hundreds (each beside a correction of the same title), not
  how records differ from references;
- these lines with a letter missing in the title;
- the same lines where their record is taken out: whatever is accepted then is a decoy;
- the seed's four.

Printed are works for which citeproc-js and pandoc agree, apart from quotation marks and spaces: ours is right if it is
one of theirs.
"""

import json
import os
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import django
from django.test.utils import override_settings

from articles.record.citations.styles import format_ama, format_nlm
from articles.sources.lookup.errors import LookupFailed
from articles.sources.lookup.find import find_record
from tests.sources.lookup.server import derived_works, lines_of, lookup_settings, recorded, serve

STYLES = {
    "AMA": (format_ama, "ama11", "ama_agree"),
    "NLM": (format_nlm, "vancouver_nlm", "vancouver_agree"),
}
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Asked:
    """A line and what should be found: a DOI, a PMID, or "" for nothing."""

    group: str
    line: str
    expected: str


@dataclass(frozen=True)
class Figures:
    """`wrong`: (line, what was accepted); `missed`: the lines for which nothing was."""

    asked: int
    accepted: int
    right: int
    wrong: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]


def questions(citations: Path) -> list[Asked]:
    asked = []
    for line in lines_of(citations / "csl_expected.jsonl"):
        for name in ("ama11", "vancouver_nlm"):
            asked.append(Asked(name, _without_identifiers(line[name]), line["doi"].lower()))
    works = derived_works(citations)
    for name in ("pdq", "aliem"):
        for line in lines_of(citations / f"{name}_references.jsonl"):
            named = [work["pmid"] for work in works if work["pmid"] == line["pmid"]]
            named += [work["pmid"] for work in works if work["title"][0].casefold() in line["raw"].casefold()]
            group = name if named else f"{name}, no record"
            asked.append(Asked(group, _without_identifiers(line["raw"]), named[0] if named else ""))
    for reference in json.loads((citations / "seed_references.json").read_text())["references"]:
        asked.append(Asked("seed", reference["raw"], reference.get("doi", "").lower()))
    return asked


def printed(citations: Path, style: str) -> tuple[int, int]:
    """(works on whose line both CSL processors agree, those that we print so). `style`: AMA or NLM."""
    write, field, agreed = STYLES[style]
    works = [work for work in lines_of(citations / "csl_expected.jsonl") if work[agreed]]
    return len(works), sum(write(work["csl"]) in (work[field], work[f"{field}_pandoc"]) for work in works)


def _without_identifiers(line: str) -> str:
    """So that the words alone have to do."""
    return re.sub(r"\s*(?:https?://\S+|\b(?:doi|PMID|PubMed PMID|PubMed Central PMCID):\s?\S+)", "", line).strip()


def _with_slip(line: str) -> str:
    """Without the middle letter of its longest word, which stands in the title."""
    longest = max(re.findall("[a-z]+", line), key=len)
    return line.replace(longest, longest[: len(longest) // 2] + longest[len(longest) // 2 + 1 :], 1)


def measure(server, asked: list[Asked], *, is_hidden: bool = False) -> Figures:
    """What is accepted of these lines; with `is_hidden`, while the server does not know the work that is meant."""
    accepted, right, wrong, missed = 0, 0, [], []
    for each in asked:
        server.index.hidden = {each.expected, f"10.5555/derived.{each.expected}"} if is_hidden else set()
        try:
            record = find_record(each.line, is_fresh=True)
        except LookupFailed:
            missed.append(each.line)
            continue
        accepted += 1
        names = {record.doi, record.pmid, record.doi.removeprefix("10.5555/derived.")}
        if each.expected and each.expected in names and not is_hidden:
            right += 1
        else:
            wrong.append((each.line, f"{record.doi or record.pmid}: {record.title}"))
    return Figures(len(asked), accepted, right, tuple(wrong), tuple(missed))


def main(citations: Path, *, is_verbose: bool) -> None:
    server = serve(recorded(citations, with_derived=True))
    asked = questions(citations)
    with override_settings(LOOKUP=lookup_settings(server)):
        for group in dict.fromkeys(each.group for each in asked):
            lines = [each for each in asked if each.group == group]
            _say(group, measure(server, lines), is_verbose)
            if group in ("pdq", "aliem"):
                slips = [replace(each, line=_with_slip(each.line)) for each in lines]
                _say(f"{group}, a letter missing", measure(server, slips), is_verbose)
            if lines[0].expected:
                _say(f"{group}, record taken out", measure(server, lines, is_hidden=True), is_verbose)
    server.shutdown()
    server.server_close()
    for style in STYLES:
        agreed, equal = printed(citations, style)
        print(f"printed as {style:25} works {agreed:4}  equal    {equal:4}  share {equal / agreed:.3f}")


def _say(group: str, figures: Figures, is_verbose: bool) -> None:
    precision = figures.right / figures.accepted if figures.accepted else 1.0
    print(
        f"{group:36} asked {figures.asked:4}  accepted {figures.accepted:4}  wrong {len(figures.wrong):3}  "
        f"precision {precision:.3f}  recall {figures.right / figures.asked:.3f}"
    )
    for line in (*figures.wrong, *figures.missed) if is_verbose else ():
        print("   ", line)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    main(ROOT.parent / "shared/data/citations", is_verbose="-v" in sys.argv)
