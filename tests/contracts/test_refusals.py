"""Whatever submitting, signing and publishing refuse is in the table of docs/rules.md, with where it is read before.

A class of refusal that is raised anywhere on these ways needs a line here: what the table says of it, or why it is no
refusal of a text.
"""

import ast
import importlib
from functools import cache
from pathlib import Path

import grimp

from articles.checks import engine
from articles.errors import DomainError

ROOT = Path(__file__).resolve().parents[2]
BEGIN = ("review.submit", "review.workflow", "publishing.sign", "publishing.publish", "finish")
PAGE = (ROOT / "docs/rules.md").read_text()
BEFORE = PAGE.partition("**Whatever publishing would refuse, you read before anybody signs:**")[2]

# {class: what the rows of the table say is refused}
SHOWN = {
    "BlockedByFindings": ["a text with a blocking finding"],
    "SlugTaken": ["an address that another article has or had"],
    "NotSignedOff": ["a disclaimer that is not signed", "a signature that is missing"],
    "CannotSign": ["a retracted work that carries a claim", "a person who may not sign it"],
    "UnknownBlock": ["a block that this version does not know"],
    "NotRepresentable": ["characters that cannot be signed"],
    "NoteMissing": ["a change without a note to readers"],
    "CannotSubmit": ["a workflow without a step"],
    "NoPolicy": ["or no policy"],
    "ContentChanged": ["a text that changed while somebody read it"],
    "ChecklistIncomplete": ["a checklist or password that is not complete or right"],
    "NotAuthenticated": ["a checklist or password that is not complete or right"],
    "Unreadable": ["a picture whose file was lost or replaced"],
    "Erased": ["a text that was erased by law"],
}
# {class: why it is no refusal of a text on its way}
OTHER = {
    "CannotNotice": "a safety notice",
    "CannotRequestChanges": "sending a text back",
    "CannotComment": "a comment",
    "NotThere": "a suggestion on words that are gone",
    "SpansMarkup": "a suggestion across formatting",
    "DoesNotFit": "a suggestion of a value that the form would refuse",
    "OneTooMany": "a suggestion of one section more than there can be",
    "CannotEnroll": "adding a passkey",
    "CannotConfirmKey": "confirming somebody's passkey",
    "CannotRevokeKey": "revoking a passkey",
    "NotALead": "an act of medical leads on credentials and passkeys",
    "LeadsMustRemain": "deactivating one of the last two medical leads",
    "NotPublished": "acts on what readers have",
    "NoSuchMoment": "a time that was typed for a schedule",
    "NotRecomposed": "a publication of an earlier version, which is composed anew first",
    "NoAliases": "an alias",
    "StillRead": "deleting what readers get",
    "NotPermitted": "an act that the menu does not offer this person",
}


@cache
def modules() -> set[str]:
    """Those that the three ways import, and what these import."""
    graph = grimp.build_graph("articles", cache_dir=None)
    found = {f"articles.{name}" for name in BEGIN}
    to_do = list(found)
    while to_do:
        new = graph.find_modules_directly_imported_by(to_do.pop()) - found
        found |= new
        to_do += new
    return found


def raised() -> set[str]:
    """The names of the classes of refusal that are raised there."""
    found = set()
    for name in modules():
        path = ROOT.joinpath(*name.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Raise) and node.exc is not None:
                made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                known = getattr(importlib.import_module(name), made.id, None) if isinstance(made, ast.Name) else None
                if isinstance(known, type) and issubclass(known, DomainError):
                    found.add(known.__name__)
    return found


def test_each_class_of_refusal_has_its_place():
    assert raised() == {*SHOWN, *OTHER}


def test_the_table_says_where_each_is_read_before():
    missing = {name: words for name, rows in SHOWN.items() for words in rows if words not in BEFORE}

    assert missing == {}


def test_the_findings_that_the_table_names_are_findings():
    cells = [line.split("|")[2] for line in BEFORE.splitlines() if line.startswith("| ") and "---" not in line]
    named = {word for cell in cells for word in cell.split("`")[1::2]}

    assert named - {check.__name__ for check in engine.CHECKS} == {"not_representable"}
    assert len(named) > 6
