"""The hostile strings of ../shared/data/security, as plain lists. Used by tests/hostile and by Chromium's tests."""

import json
import re
from pathlib import Path

# The short list for places that take one string an article: each breaks out of another context.
POTENT = (
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(2)' x='",
    "</title><script>alert(3)</script>",
    "</script><script>alert(4)</script>",
    "</textarea><svg onload=alert(5)>",
    "--><iframe srcdoc='<script>parent.alert(6)</script>'></iframe>",
    "javascript:alert(7)",
    "</style><img src=https://evil.example/leak.png>",
    "{{constructor.constructor('alert(8)')()}}{% csrf_token %}",
    "&lt;img src=x onerror=alert(9)&gt;",
    "<math><mtext></table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(10)&gt;'>",
    "\u2028<a href='java\tscript:alert(11)'>x</a>",
)
_H5SC_CASE = re.compile(r'<div id="\d+">(.*?)//\["\'`-->]]>]</div>', re.S)


def read_vectors(shared: Path) -> list[str]:
    """Every vector once, in the order of the files; what no text can hold (NUL) is left to other tests."""
    folder = shared / "data" / "security"
    found = [*POTENT, *naughty_strings(shared), *h5sc(folder), *bleach(folder), *html5lib(folder)]
    return [text for text in dict.fromkeys(found) if text.strip() and "\x00" not in text]


def naughty_strings(shared: Path) -> list[str]:
    return json.loads((shared / "data" / "security" / "blns.json").read_text(encoding="utf-8"))


def h5sc(folder: Path) -> list[str]:
    return _H5SC_CASE.findall((folder / "h5sc_vectors.txt").read_text(encoding="utf-8"))


def bleach(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8").partition("\n--")[0] for file in sorted(folder.glob("bleach/*.test"))]


def html5lib(folder: Path) -> list[str]:
    cases = json.loads((folder / "html5lib_optionaltags.test").read_text(encoding="utf-8"))["tests"]
    return [html for case in cases for html in case["expected"]]
