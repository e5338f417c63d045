"""The two verifiers that share no code with the project, asked about what a scene gives."""

import io
import json
import shutil
import subprocess
import zipfile
from base64 import b64encode

from articles.admin.evidence import verify_pack
from articles.admin.evidence.pack import zipped
from tests.conftest import ROOT, absent

SCRIPT = """
const Vetted = require(process.argv.at(-1)), { readFileSync } = require('node:fs');
const asked = JSON.parse(readFileSync(0, 'utf8'));
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const files = (pack) => Object.fromEntries(Object.entries(pack).map(([name, text]) => [name, bytes(text)]));
Promise.all(asked.map(({ answers, pack, known }) => answers ? Vetted.verifyArticle(answers, known)
  : Vetted.verifyPack(files(pack), known))).then((found) => console.log(JSON.stringify(found)));
"""


def in_python(files: dict[str, bytes], organisation=(), *, passkeys: bool = False) -> tuple[list[str], list[str]]:
    """(findings, notes) of verify_pack.py."""
    notes: list[str] = []
    pack = zipped({name: content for name, content in files.items() if name != "manifest.json"})
    return verify_pack.verify(pack, organisation, passkeys=passkeys, notes=notes), notes


def in_javascript(asked: list[dict]) -> list[dict]:
    """What verify.js says of each {answers or pack, known}."""
    node = shutil.which("node") or absent("node is not here (apt-get install nodejs)")
    done = subprocess.run(
        [node, "-e", SCRIPT, "--", str(ROOT / "docs/verify.js")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def files_of(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        return {name: found.read(name) for name in found.namelist()}


def as_base64(files: dict[str, bytes]) -> dict[str, str]:
    return {name: b64encode(content).decode() for name, content in files.items()}
