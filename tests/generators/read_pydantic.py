"""Reads every fixture with the models of datamodel-code-generator: each kind of section has its class."""

import json
from pathlib import Path

import models

CLASSES = {"html": "Article", "markdown": "MarkdownArticle", "portable": "PortableArticle"}

for file in sorted(Path("fixtures").iterdir()):
    value = json.loads(file.read_text())
    article = getattr(models, CLASSES[value["rich_text"]]).model_validate(value)
    names = [type(getattr(section, "root", section)).__name__ for section in article.content.sections]
    assert all(("Other" in name) == (".tomorrow." in file.name and name == names[-1]) for name in names), (file, names)
