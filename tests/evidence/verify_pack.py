"""Verify an evidence pack: `python verify_pack.py PACK.zip`. Prints findings; exit 0 fine, 1 findings, 2 no such file.

Python's standard library only, and not a line of Vetted: whoever doubts Vetted reads these instead.

It holds when:
- the ZIP is exactly what its files make (stored, sorted, undated), so that no byte stands outside of what is checked;
- every file has the SHA-256 that the manifest names, and no file is missing from it;
- each full line of the ledger gives its hash, and every line carries the hash of the one before, up to the head;
- each document's SHA-256 is a digest that a sign-off and a line of the ledger name, or the ledger says it was erased;
- each sign-off, and the edition, has the columns that its line sealed;
- the ledger itself gives the answer: the edition's line is the last that published or withdrew the article by then.
"""

import hashlib
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path

SEALED = ("part", "digest", "role", "scope")
KEYS = {
    "pack.json": {"article", "as_of", "edition", "published", "digests", "row", "documents", "head"},
    "document": {"file", "digest", "what", "erased"},
    "sign-off": {"number", "for", "voided", "columns"},
}


class Found(list):
    def say(self, place, message):
        self.append(f"{place}: {message}")


def main(arguments):
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("usage: verify_pack.py PACK.zip", file=sys.stderr)
        return 2
    findings = verify(Path(arguments[0]).read_bytes())
    print("\n".join(findings) if findings else "It fits: nothing was changed.")
    return 1 if findings else 0


def verify(content):
    """Every finding, as sentences."""
    found = Found()
    try:
        files = read_zip(content, found)
        check_manifest(files, found)
        lines = check_ledger(files, found)
        signed = check_signoffs(files, lines, found)
        check_answer(files, lines, signed, found)
    except Exception as error:  # whatever a mangled byte brings about is a finding
        found.say("pack", f"it cannot be read ({type(error).__name__}: {error})")
    return list(found)


def read_zip(content, found):
    """{name: bytes}, when the ZIP is byte for byte what these files make."""
    path = Bytes(content)
    with zipfile.ZipFile(path) as pack:
        names = pack.namelist()
        files = {name: pack.read(name) for name in names}
    if len(set(names)) != len(names) or names != sorted(names):
        found.say("pack", "its files are not in order, or one is there twice")
    if make_zip(files) != content:
        found.say("pack", "bytes of the ZIP are not those that its files make")
    return files


class Bytes:
    """The least that zipfile asks of a file."""

    def __init__(self, content):
        self.content, self.at = content, 0

    def read(self, size=-1):
        end = len(self.content) if size is None or size < 0 else self.at + size
        part = self.content[self.at : end]
        self.at += len(part)
        return part

    def seek(self, offset, whence=0):
        at = offset + (0, self.at, len(self.content))[whence]
        if at < 0:
            raise OSError("before the beginning")
        self.at = at
        return at

    def tell(self):
        return self.at

    def seekable(self):
        return True


def make_zip(files):
    """Source: PKWARE APPNOTE 4.3: local headers with content, central directory, its end."""
    body, directory = b"", b""
    for name in sorted(files):
        content, raw = files[name], name.encode()
        utf8 = 0 if name.isascii() else 0x800
        common = struct.pack("<HHHHIII", utf8, 0, 0, 33, zlib.crc32(content), len(content), len(content))
        header = common + struct.pack("<HH", len(raw), 0)
        directory += b"PK\x01\x02" + struct.pack("<BBH", 20, 3, 20) + header
        directory += struct.pack("<HHHII", 0, 0, 0, 0o644 << 16, len(body)) + raw
        body += b"PK\x03\x04" + struct.pack("<H", 20) + header + raw + content
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def check_manifest(files, found):
    named = exactly(files["manifest.json"], "manifest.json", found)["files"]
    for name in sorted(set(named) | set(files) - {"manifest.json"}):
        if name not in files:
            found.say(name, "the manifest names it, and it is not there")
        elif name not in named:
            found.say(name, "the manifest does not name it")
        elif named[name] != sha(files[name]):
            found.say(name, "it is not the file that the manifest names")


def check_ledger(files, found):
    """{number: line} of the lines that stand there in full."""
    rows = files["ledger.jsonl"].split(b"\n")
    if rows.pop() != b"":
        found.say("ledger.jsonl", "its last line has no end")
    full, before = {}, None
    for row in rows:
        line = exactly(row, "ledger.jsonl", found, end=b"")
        place = f"ledger line {line['number']}"
        if before and (line["number"], line["previous_hash"]) != (before["number"] + 1, before["hash"]):
            found.say(place, f"it does not follow line {before['number']}: the chain is broken")
        if "kind" in line:
            full[line["number"]] = line
            content = {key: value for key, value in line.items() if key != "hash"}
            if sha(canonical(content).encode()) != line["hash"]:
                found.say(place, "it does not give its hash: it was changed")
        elif set(line) != {"number", "previous_hash", "hash"}:
            found.say(place, "it is neither a whole line nor a link of the chain")
        before = line
    head = facts_of(files, found)["head"]
    if before is None or head != {"number": before["number"], "hash": before["hash"]}:
        found.say("ledger.jsonl", "its last line is not the head that pack.json names")
    return full


def check_signoffs(files, lines, found):
    """{number: columns} of the sign-offs that are as the ledger sealed them."""
    signed = {}
    for row in exactly(files["signoffs.json"], "signoffs.json", found, end=b"\n"):
        check_keys(row, "sign-off", found)
        number, columns, place = row["number"], row["columns"], f"sign-off {row['number']}"
        line = lines.get(number)
        if line is None or line["kind"] != "signed":
            found.say(place, "no line of the ledger in this pack signed it")
            continue
        if line["data"]["row"] != "sha-256:" + sha(canonical(columns).encode()):
            found.say(place, "it is not what its line of the ledger sealed: a column was changed")
        if any(columns[name] != line["data"][name] for name in SEALED) or columns["subject"] != line["subject"]:
            found.say(place, "its line of the ledger says otherwise")
        voids = [void for void in lines.values() if void["kind"] == "voided" and void["data"].get("signoff") == number]
        if bool(row["voided"]) != bool(voids) or (
            voids and row["voided"]["number"] not in [v["number"] for v in voids]
        ):
            found.say(place, "whether it was voided is not what the ledger says")
        signed[number] = columns
    return signed


def check_answer(files, lines, signed, found):
    facts = facts_of(files, found)
    check_keys(facts, "pack.json", found)
    for row in facts["documents"]:
        check_keys(row, "document", found)
    digests = {columns["digest"] for columns in signed.values()}
    erased = {line["data"]["digest"] for line in lines.values() if line["kind"] == "erased"}
    listed = {row["file"]: row for row in facts["documents"]}
    for name in sorted(set(listed) | {name for name in files if name.startswith("documents/")}):
        check_document(name, listed.get(name), files.get(name), digests, erased, found)
    line = lines.get(facts["published"], {})
    said = (
        line.get("kind"),
        line.get("subject"),
        line.get("data", {}).get("edition"),
        line.get("data", {}).get("digests"),
    )
    if said != ("published", facts["article"], facts["edition"], facts["digests"]):
        found.say("pack.json", "the line that it names did not publish this edition of this article")
    for part, digest in facts["digests"].items():
        row = listed.get(f"documents/{part}.json")
        if row is None or row["digest"] != digest:
            found.say("pack.json", f"the {part} part is not among the documents")
    edition = facts["row"]
    if line and line["data"].get("row") != "sha-256:" + sha(canonical(edition).encode()):
        found.say("pack.json", "the edition is not what its line of the ledger sealed")
    for number in edition["signoffs"]:
        if number not in signed:
            found.say(f"sign-off {number}", "the edition rests on it, and it is not in signoffs.json")
    check_standing(facts, lines, found)


def check_document(name, row, content, digests, erased, found):
    if row is None:
        found.say(name, "pack.json does not name it")
    elif row["digest"] not in digests:
        found.say(name, "no sign-off in this pack signed its digest")
    elif content is None:
        if not row["erased"] or row["digest"] not in erased:
            found.say(name, "it is not there, and the ledger does not say that it was erased")
    elif row["digest"] != "sha-256:" + sha(content) or row["erased"]:
        found.say(name, "its bytes do not give the digest that was signed")


def check_standing(facts, lines, found):
    """Nothing between the publication and the moment took it back or replaced it."""
    for line in lines.values():
        is_own = line["subject"] == facts["article"] and line["kind"] in ("published", "withdrawn")
        is_within = facts["published"] < line["number"] and line["at"] <= facts["as_of"]
        is_after_edition = line["at"] == facts["as_of"] == lines.get(facts["published"], {}).get("at")
        if is_own and is_within and not is_after_edition:
            found.say(
                "pack.json", f"line {line['number']} {line['kind']} the article before the moment that it answers for"
            )
    published = lines.get(facts["published"])
    if published and published["at"] > facts["as_of"]:
        found.say("pack.json", "the edition was published after the moment that it answers for")


def check_keys(value, kind, found):
    if set(value) != KEYS[kind]:
        found.say(kind, f"it has other fields than {', '.join(sorted(KEYS[kind]))}")


def facts_of(files, found):
    return exactly(files["pack.json"], "pack.json", found, end=b"\n")


def exactly(content, place, found, end=b""):
    """The value, when the bytes are its canonical form."""
    value = json.loads(content)
    if canonical(value).encode() + end != content:
        found.say(place, "it is not in canonical form")
    return value


def canonical(value):
    """RFC 8785 for strings, integers, booleans, null, lists and objects."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        raise ValueError("a number with a decimal point")
    return json.dumps(value, ensure_ascii=False)


def sha(content):
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
