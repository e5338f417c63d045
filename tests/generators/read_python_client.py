"""Reads every fixture with the classes of openapi-python-client: each kind has its class, and no word is lost."""

import json
import sys
from importlib import import_module
from pathlib import Path

CLASSES = {"html": "Article", "markdown": "MarkdownArticle", "portable": "PortableArticle"}
package = next(path.name for path in Path("python-client").iterdir() if (path / "models").is_dir())
sys.path.insert(0, "python-client")
models = import_module(f"{package}.models")

for file in sorted(Path("fixtures").iterdir()):
    value = json.loads(file.read_text())
    article = getattr(models, CLASSES[value["rich_text"]]).from_dict(value)
    names = [type(section).__name__ for section in article.content.sections]
    assert all(("Other" in name) == (".tomorrow." in file.name and name == names[-1]) for name in names), (file, names)
    assert article.to_dict()["content"]["sections"] == value["content"]["sections"], file
