"""`manage.py ledger verify|head|anchor`: is the record unchanged? Findings go to stdout, everything else to stderr."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.record.ledger import anchors
from articles.record.ledger.finding import Finding
from articles.record.ledger.verify import verify
from articles.review.policies.unrecorded import find_unrecorded

USAGE = 2


class Command(BaseCommand):
    help = "Verify the ledger, print its head, or add it to a file. Exit: 0 no findings, 1 findings, 2 usage error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("verify", help="recompute everything from the entries")
        check.add_argument("--against", metavar="FILE", type=Path, help="a file of anchors that was kept elsewhere")
        check.add_argument("--format", default="table", choices=["table", "json"], help="for people or for programs")
        verbs.add_parser("head", help="print {number, hash, at, root, signed} of the last event")
        note = verbs.add_parser("anchor", help="add the head to a file that is kept elsewhere")
        note.add_argument("--out", metavar="FILE", type=Path, required=True, help="created if it does not exist")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        run: dict[str, Callable[..., None]] = {"verify": self.verify, "head": self.head, "anchor": self.anchor}
        run[verb](**options)

    def verify(self, *, against: Path | None, format: str, **options: Any) -> None:
        kept = read(against) if against else None
        findings, checked = verify(now=timezone.now())
        findings += find_unrecorded()
        if kept is not None:
            findings += anchors.check_file(kept)
            checked["anchors"] = len(kept.splitlines())
        self.stdout.write(as_json(findings, checked) if format == "json" else as_text(findings, checked))
        refuse(findings, "The record was changed")

    def head(self, **options: Any) -> None:
        self.stdout.write(json.dumps(anchors.log_head(now=timezone.now())))

    def anchor(self, *, out: Path, **options: Any) -> None:
        if anchors.head()["at"] is None:
            raise CommandError("The ledger is empty, so there is no head to add yet.", returncode=1)
        try:
            line, findings = anchors.append(out)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error}.", returncode=USAGE) from error
        for finding in findings:
            self.stdout.write(str(finding))
        refuse(findings, f"Nothing was added to {out}, because this ledger does not continue it")
        self.stdout.write(json.dumps(line) if line else "The head is already the last anchor in the file.")


def read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error}.", returncode=USAGE) from error
    if not content.strip():
        raise CommandError(f"{path} contains no anchor; `ledger anchor --out` adds one.", returncode=USAGE)
    return content


def refuse(findings: list[Finding], what: str) -> None:
    if findings:
        raise CommandError(f"{what}: {len(findings)} {'finding' if len(findings) == 1 else 'findings'}.", returncode=1)


def as_text(findings: list[Finding], checked: dict[str, int]) -> str:
    counted = ", ".join(f"{number} {name}" for name, number in checked.items()) or "nothing"
    return "\n".join([*map(str, findings), f"Checked: {counted}."])


def as_json(findings: list[Finding], checked: dict[str, int]) -> str:
    """{"checked": {"events": 9, …}, "findings": [{code, place, message}]}."""
    return json.dumps({"checked": checked, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False)
