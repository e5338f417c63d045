"""Verify an evidence pack: `python3 verify_pack.py PACK.zip`. Prints findings; exit 0 valid, 1 findings, 2 no file.

This script uses only the standard library and shares no code with Vetted. A pack is valid if:
- the ZIP contains exactly its files, and each file has the SHA-256 in the manifest;
- each full ledger line matches its hash, and each line carries the hash of the previous line, up to the head;
- each sign-off and the edition have the columns that their ledger lines sealed;
- the statement of each sign-off names the text that it counts for;
- each document has the SHA-256 that a sign-off names, or the ledger records that it was erased;
- no line between the edition's own and the requested moment replaced or withdrew the edition.
"""

import hashlib
import io
import itertools
import json
import sys
import zipfile

SEALED = ("part", "digest", "role", "scope")
DECISIVE = ("published", "withdrawn", "returned")  # lines after which another edition, or none, is live
FACTS = {"article", "as_of", "edition", "published", "digests", "row", "documents", "head"}


def main(arguments):
    try:
        with open(arguments[0], "rb") as file:
            content = file.read()
    except (IndexError, OSError):
        print("usage: verify_pack.py PACK.zip", file=sys.stderr)
        return 2
    findings = verify(content)
    print("\n".join(findings) if findings else "The pack is valid: nothing was changed.")
    return 1 if findings else 0


def verify(content):
    """Every finding, as a sentence."""
    found = []
    try:
        found.extend(check(content))
    except Exception as error:  # any error that a changed byte causes is a finding
        found.append(f"The pack cannot be read ({type(error).__name__}: {error}).")
    return found


def check(content):
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    facts, signoffs = read_json(files["pack.json"], b"\n"), read_json(files["signoffs.json"], b"\n")
    rows = [read_json(row) for row in files["ledger.jsonl"].removesuffix(b"\n").split(b"\n")]
    lines = {row["number"]: row for row in rows if "kind" in row}
    yield from check_files(content, files)
    yield from check_chain(rows, facts["head"])
    yield from check_signoffs(signoffs, lines)
    yield from check_documents(facts, files, signoffs, lines)
    yield from check_answer(facts, signoffs, lines)


def check_files(content, files):
    if make_zip(files) != content:
        yield "The ZIP contains bytes that do not belong to its files."
    named = read_json(files["manifest.json"])
    if named != {"files": {name: sha(files[name]) for name in files if name != "manifest.json"}}:
        wrong = [name for name in named["files"] if name not in files or sha(files[name]) != named["files"][name]]
        yield f"The manifest does not match the files: {', '.join(wrong) or 'it leaves some out'}."


def make_zip(files):
    """Stored, sorted, undated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            pack.writestr(entry, files[name])
    return buffer.getvalue()


def check_chain(rows, head):
    for before, row in itertools.pairwise(rows):
        if (row["number"], row["previous_hash"]) != (before["number"] + 1, before["hash"]):
            yield f"Line {row['number']} does not follow line {before['number']}: the chain is broken."
    for row in rows:
        content = {key: part for key, part in row.items() if key != "hash"}
        if "kind" in row and sha(canonical(content)) != row["hash"]:
            yield f"Line {row['number']} does not match its hash: it was changed."
        if "kind" not in row and set(content) != {"number", "previous_hash"}:
            yield f"Line {row['number']} is neither a full line nor a link of the chain."
    if head != {"number": rows[-1]["number"], "hash": rows[-1]["hash"]}:
        yield "The last line is not the head that pack.json names."


def check_signoffs(signoffs, lines):
    for row in signoffs:
        line, columns = lines[row["number"]], row["columns"]
        said = [columns["subject"], *(columns[name] for name in SEALED)]
        if line["kind"] != "signed" or said != [line["subject"], *(line["data"][name] for name in SEALED)]:
            yield f"Sign-off {row['number']} differs from its ledger line."
        if set(row) != {"number", "columns"} or line["data"]["row"] != seal(columns):
            yield f"Sign-off {row['number']} does not match its seal: a column was changed."
        items = [(item["subject"], item["part"], item["digest"]) for item in json.loads(columns["statement"])["items"]]
        if (columns["subject"], columns["part"], columns["digest"]) not in items:
            yield f"Sign-off {row['number']}: the signed statement does not name this text."


def check_documents(facts, files, signoffs, lines):
    signed = {row["columns"]["digest"] for row in signoffs}
    erased = {line["data"]["digest"] for line in lines.values() if line["kind"] == "erased"}
    named = {row["file"]: row for row in facts["documents"]}
    for name in sorted(named.keys() | {name for name in files if name.startswith("documents/")}):
        row = named[name]
        if set(row) != {"file", "digest", "erased"} or row["digest"] not in signed:
            yield f"{name}: no sign-off in this pack signed its digest."
        if row["erased"] and (name in files or row["digest"] not in erased):
            yield f"{name}: it is marked as erased, but the ledger records no erasure."
        if not row["erased"] and "sha-256:" + sha(files[name]) != row["digest"]:
            yield f"{name}: its bytes do not match the signed digest."
    for part, digest in facts["digests"].items():
        if named[f"documents/{part}.json"]["digest"] != digest:
            yield f"documents/{part}.json: it is not the {part} part of the edition."


def check_answer(facts, signoffs, lines):
    line = lines[facts["published"]]
    said = (line["kind"], line["subject"], line["data"]["edition"], line["data"]["digests"])
    if said != ("published", facts["article"], facts["edition"], facts["digests"]):
        yield f"Line {line['number']} did not publish this edition of this article."
    if set(facts) != FACTS or line["data"]["row"] != seal(facts["row"]):
        yield "The edition does not match its seal: a column was changed."
    if missing := set(facts["row"]["signoffs"]) - {row["number"] for row in signoffs}:
        yield f"The edition relies on sign-offs that are not in this pack: {sorted(missing)}."
    if line["at"] > facts["as_of"]:
        yield "The edition was published after the moment of the pack."
    later = [row for row in lines.values() if row["kind"] in DECISIVE and row["subject"] == facts["article"]]
    later = [row for row in later if row["number"] > line["number"] and line["at"] < row["at"] <= facts["as_of"]]
    if later and (later[-1]["kind"], later[-1]["data"].get("edition")) != ("returned", facts["edition"]):
        yield f"Line {later[-1]['number']} ({later[-1]['kind']}) ended the edition before the moment of the pack."


def read_json(content, end=b""):
    """The value. Raises ValueError if the bytes are not in canonical form."""
    value = json.loads(content)
    if canonical(value) + end != content:
        raise ValueError(f"JSON that is not in canonical form: {content[:40]!r}")
    return value


def canonical(value):
    """RFC 8785 for strings, integers, booleans, null, lists and objects."""
    return text(value).encode()


def text(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(text(key) + ":" + text(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    if isinstance(value, float):
        raise ValueError("a number with a decimal point")
    return json.dumps(value, ensure_ascii=False)


def seal(columns):
    return "sha-256:" + sha(canonical(columns))


def sha(content):
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
