"""The script of docs/json.md alone: it syncs the demo, verifies every digest, and finds a flipped byte."""

import json
import re
import subprocess
import sys

from tests.api.test_self_verifying import PAGE, code
from tests.bench.server import OPENER

SYNC = re.search(r"```python\n(.+?)```", PAGE.partition("## Keep a copy in sync")[2], re.DOTALL)[1]
RUN = """
import sys
copy = {}
assert sync(copy)
for article in copy["articles"].values():
    for what, stated, computed in digests(article):
        print(article["slug"], what, stated == computed)
changed = json.dumps(list(copy["articles"].values())[0]).replace(sys.argv[1], sys.argv[2], 1)
print("flipped", all(stated == computed for _, stated, computed in digests(json.loads(changed))))
"""


def test_the_script_syncs_the_demo_verifies_it_and_finds_a_flipped_byte(demo, tmp_path):
    script = tmp_path / "check.py"
    script.write_text(SYNC.replace("http://127.0.0.1:8000", demo.url) + code("python") + RUN)

    said = subprocess.run(
        [sys.executable, script, '"kind": "introduction"', '"kind": "introductjon"'],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.splitlines()

    rows, flipped = [line.split() for line in said[:-1]], said[-1]
    assert {row[2] for row in rows} == {"True"}
    assert {row[1] for row in rows} >= {"medical", "presentation", "offer", "disclaimer"}
    assert flipped == "flipped False"


def test_what_the_script_holds_is_what_the_list_shows(demo, tmp_path):
    script = tmp_path / "sync.py"
    tail = "\ncopy = {}\nassert sync(copy)\nprint(json.dumps(sorted(copy['articles'])))\n"
    script.write_text(SYNC.replace("http://127.0.0.1:8000", demo.url) + tail)

    held = json.loads(subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout)

    with OPENER.open(f"{demo.url}/api/v1/articles/?page_size=100") as answer:
        shown = json.load(answer)
    assert held == sorted(row["id"] for row in shown["results"])
