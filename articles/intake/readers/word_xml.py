"""The XML of a Word file, made ready for mammoth: what it would drop is put into words that it keeps. Pure."""

from dataclasses import dataclass
from itertools import chain

from lxml import etree

MAX_DEPTH = 240  # a table in a table in a table has some 40; mammoth reads by recursion

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Containers whose words mammoth would drop, read as one whose words it keeps.
_CONTAINERS = [f"{_W}{name}" for name in ("fldSimple", "dir", "bdo", "ruby", "rubyBase", "rt", "moveTo")]
_KEPT = f"{_W}smartTag"


@dataclass(frozen=True)
class Changes:
    """How many runs of text a tracked change takes away or adds."""

    deleted: int
    inserted: int


def prepare(part: bytes) -> tuple[bytes, Changes]:
    """The part with its deletions resolved, its formulas as text and its text boxes where mammoth finds them."""
    root = _parsed(part)
    deleted = [each for each in root.iter(f"{_W}del", f"{_W}moveFrom") if _has_words(each)]
    inserted = [each for each in root.iter(f"{_W}ins", f"{_W}moveTo") if _has_words(each)]
    changes = Changes(len(deleted), len(inserted))
    for each in deleted:
        _remove(each)
    _show_text_boxes(root)
    _write_formulas(root)
    for each in root.iter(*_CONTAINERS):
        each.tag = _KEPT
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True), changes


def paragraphs(part: bytes) -> list[str]:
    """The words of each paragraph: of headers, footers and comments."""
    if not part:
        return []
    made = ("".join(_words(paragraph)) for paragraph in _parsed(part).iter(f"{_W}p"))
    return [" ".join(text.split()) for text in made if text.strip()]


def _parsed(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _words(element: etree._Element) -> list[str]:
    parts = []
    for each in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
        parts.append((each.text or "") if each.tag == f"{_W}t" else " ")
    return parts


def _has_words(change: etree._Element) -> bool:
    """A mark of a paragraph's end has none."""
    return next(change.iter(f"{_W}t", f"{_W}delText"), None) is not None


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _show_text_boxes(root: etree._Element) -> None:
    """A drawing's text box has an older twin beside it; where that is missing, the box takes its place."""
    for alternate in list(root.iter(f"{_MC}AlternateContent")):
        fallback = alternate.find(f"{_MC}Fallback")
        boxes = list(alternate.iterfind(f"{_MC}Choice//{_W}txbxContent"))
        if boxes and (fallback is None or next(fallback.iter(f"{_W}txbxContent"), None) is None):
            if fallback is not None:
                _remove(fallback)
            made = etree.SubElement(alternate, f"{_MC}Fallback")
            made.extend(boxes)


def _write_formulas(root: etree._Element) -> None:
    """10³ in a formula is a run that is raised; a fraction has its stroke."""
    for raised, position in ((f"{_M}sup", "superscript"), (f"{_M}sub", "subscript")):
        for script in root.iter(raised):
            for run in script.iter(f"{_M}r"):
                _raise(run, position)
    for fraction in root.iter(f"{_M}f"):
        if (below := fraction.find(f"{_M}den")) is not None:
            below.addprevious(_run("/"))
    for run in list(root.iter(f"{_M}r")):
        run.tag = f"{_W}r"
        for text in run.iter(f"{_M}t"):
            text.tag = f"{_W}t"
            text.set(_XML_SPACE, "preserve")
    for element in list(chain(root.iter(f"{_M}*"))):
        element.tag = _KEPT


def _raise(run: etree._Element, position: str) -> None:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        properties = etree.Element(f"{_W}rPr")
        run.insert(0, properties)
    etree.SubElement(properties, f"{_W}vertAlign").set(f"{_W}val", position)


def _run(text: str) -> etree._Element:
    run = etree.Element(f"{_M}r")
    etree.SubElement(run, f"{_M}t").text = text
    return run
