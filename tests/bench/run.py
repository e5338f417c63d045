"""`make bench`: the speed that the documentation claims, measured with both sides in one run.

Prints a line a figure with its target; exits 1 when one is missed. Not a test: machines differ.
"""

import json
import os
import subprocess
import sys
import tempfile

from tests.bench import search
from tests.bench.load import Measured, interleaved
from tests.bench.server import ROOT, running

ROUNDS, SECONDS, STARTS = 5, 2.0, 5


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
        facts = prepare(environment)
        rows = [*in_process(facts), *served(environment, facts), *starts(environment), *search.rows()]
    for name, value, target, holds in rows:
        print(f"{'ok    ' if holds else 'MISSED'} {name}: {value} (target {target})")
    return 0 if all(row[-1] for row in rows) else 1


def prepare(environment: dict[str, str]) -> dict:
    """Migrate, then import, publish and measure inside one process; see tests/bench/inside.py."""
    given = os.environ | environment
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=given, check=True)
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.inside"], cwd=ROOT, env=given, check=True, capture_output=True, text=True
    )
    return json.loads(made.stdout)


def in_process(facts: dict):
    ratio = facts["publish_ms"] / facts["wagtail_publish_ms"]
    yield "import of the sample article, s", f"{facts['import_s']:.2f}", "< 1", facts["import_s"] < 1
    shown = f"{ratio:.2f} ({facts['publish_ms']:.0f} ms, Wagtail {facts['wagtail_publish_ms']:.0f} ms)"
    yield "publishing / Wagtail's own publishing", shown, "<= 1.2", ratio <= 1.2


def served(environment: dict[str, str], facts: dict):
    paths = {
        "ours": f"/api/v1/articles/{facts['slug']}/",
        "list": "/api/v1/articles/",
        "wagtail": f"/wagtail-api/pages/{facts['page']}/",
    }
    with running("tests.bench.settings", environment=environment) as (port, _):
        found = interleaved(port, paths, rounds=ROUNDS, seconds=SECONDS)
    with running("cms.settings.delivery", environment=environment) as (port, _):
        lean = interleaved(port, {"lean": paths["ours"]}, rounds=ROUNDS, seconds=SECONDS)["lean"]
    ours, wagtail = found["ours"], found["wagtail"]
    ratio = ours.rps / wagtail.rps
    shown = f"{ratio:.0f} (ours {_told(ours)}; Wagtail {_told(wagtail)})"
    yield "article detail / Wagtail's API v2 detail, rps", shown, ">= 45", ratio >= 45
    yield "list of articles, rps", f"{found['list'].rps:.0f}", "reported", True
    yield "article detail, delivery process, rps", f"{lean.rps:.0f}", "reported", True


def _told(measured: Measured) -> str:
    return f"{measured.rps:.0f} rps, p99 {measured.p99_ms:.1f} ms"


def starts(environment: dict[str, str]):
    for settings, limit in (("cms.settings.dev", 6), ("cms.settings.delivery", 3)):
        taken = []
        for _ in range(STARTS):
            with running(settings, environment=environment) as (_, seconds):
                taken.append(seconds)
        middle = sorted(taken)[len(taken) // 2]
        yield f"start to first answer, {settings.rpartition('.')[2]}, s", f"{middle:.1f}", f"< {limit}", middle < limit


if __name__ == "__main__":
    sys.exit(main())
