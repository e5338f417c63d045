"""How well the import understands: `make measure-intake`. Prints the tables of docs/intake.md; needs ../shared.
The unseen articles were written and labelled by somebody who saw only the list of kinds, before the models were taught.
They are reported as they come out.
"""

# ruff: noqa: PLC0415 - Django has to be set up before its models are imported
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

UNSEEN = Path(__file__).parent / "unseen"
SHARED = Path(__file__).resolve().parents[3] / "shared"
SETS = "medquad,nhs,jats,seed"
FORMATS = ("text", "html", "html_dirty", "markdown", "wp_json", "docx")
MEASURES = (
    "section_strict",
    "section_lenient",
    "headings_kept",
    "title_ok",
    "sources_recall",
    "sources_precision",
    "word_loss",
    "words_invented",
    "body_left_out",
    "furniture_leaked",
    "sure_wrong",
)
STEPS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.01)


def run_tool(name: str, *arguments: object) -> None:
    """A program of `../shared/tools`."""
    command = [sys.executable, str(SHARED / "tools" / name), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


def score(cases: Path) -> dict[str, Any]:
    """The shared scorer's report on what the import reads of the cases, per format."""
    from articles.intake.formats import read_manuscripts
    from articles.intake.recognize.classify import outline
    from articles.intake.report import entry

    entries = []
    for line in cases.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        path = cases.parent / case["input"]
        try:
            manuscript = next(read_manuscripts(path.read_bytes(), path.name))
            found = outline(manuscript.blocks)
            entries.append(entry(path=str(path), status="would-create", outline=found, title=found.title or "Untitled"))
        except Exception as error:  # a crash is a figure
            entries.append(entry(path=str(path), status="failed", error=repr(error)))
    report, result = cases.parent / "report.json", cases.parent / "score.json"
    report.write_text(json.dumps({"files": entries}), encoding="utf-8")
    run_tool("score_import.py", "--cases", cases, "--report", report, "--json", result)
    return json.loads(result.read_text(encoding="utf-8"))["by_format"]


def unseen(folder: Path) -> Path:
    from articles.intake.teaching.labelled import read_labelled, write_cases

    return write_cases([read_labelled(path) for path in sorted(UNSEEN.glob("*.lab"))], folder)


def shared_cases(folder: Path, formats: str, *limit: object) -> Path:
    run_tool("derive_inputs.py", SHARED / "data", folder, "--formats", formats, "--sets", SETS, *limit)
    return folder / "cases.jsonl"


def pastes(folder: Path, seed: int) -> Path:
    run_tool("messy.py", SHARED / "data/expected/medquad.jsonl", folder, "--seed", seed)
    return folder / "cases.jsonl"


def reliability() -> list[tuple[str, int, float]]:
    """(confidence, sections of the unseen articles, share whose kind is right or fair)."""
    from articles.intake.teaching.calibrate import judge, table
    from articles.intake.teaching.labelled import read_labelled

    judged = [each for path in sorted(UNSEEN.glob("*.lab")) for each in judge(read_labelled(path))]
    return table(judged, STEPS)


def show(name: str, figures: dict[str, Any]) -> None:
    cells = " | ".join("" if figures[each] is None else f"{figures[each]:.4g}" for each in MEASURES)
    print(f"| {name} | {cells} |")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    print("| set | " + " | ".join(MEASURES) + " |")
    print("|---" * (len(MEASURES) + 1) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for language in ("de", "en", "es", "fr", "nl", "pt", ""):
            cases = unseen(Path(folder))
            rows = [line for line in cases.read_text().splitlines() if json.loads(line)["id"].startswith(language)]
            cases.write_text("\n".join(rows) + "\n", encoding="utf-8")
            show(f"unseen {language}".strip(), score(cases)["ALL"])
    for seed in (11, 12, 13):
        with tempfile.TemporaryDirectory() as folder:
            show(f"pastes, seed {seed}", score(pastes(Path(folder), seed))["ALL"])
    with tempfile.TemporaryDirectory() as folder:
        for name, figures in score(shared_cases(Path(folder), ",".join(FORMATS))).items():
            if name != "ALL":
                show(f"shared, {name}", figures)
    print("\n| confidence, unseen | sections | right |\n|---|---|---|")
    for row in reliability():
        print("| {} | {} | {:.2f} |".format(*row))


if __name__ == "__main__":
    main()
