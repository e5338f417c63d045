"""How a client rebuilds the signed bytes from the portable form of an article. Pure; docs/json.md explains it.

Take the members of a part from `content`, take out what compose added and what says nothing, add `kind` and `format`,
write it in canonical form (RFC 8785), and hash it: that is the digest of the part.
"""

from typing import Any

Json = dict[str, Any]

HEAD = ("kind", "format")
# What compose adds inside the members of each part. No name is one of a signed member or a variable of CSL.
DERIVED: dict[str, tuple[str, ...]] = {
    "medical": (
        *("html", "offer", "renditions", "leads_to"),
        *("ama", "nlm", "source_status", "source_status_since", "source_status_url"),
    ),
    "presentation": ("html", "text", "renditions", "resolved"),
    "offer": (),
    "disclaimer": ("leads_to",),
}
# Members that hold something of both parts, each under the part's name.
SHARED = ("hero", "seo")


def description(medical: Json, presentation: Json) -> Json:
    """{part: {kind, format, members, derived}}, as the portable form carries it."""
    return {
        part: {
            "kind": part,
            "format": value["format"],
            "members": sorted(key for key in value if key not in HEAD),
            "derived": list(DERIVED[part]),
        }
        for part, value in (("medical", medical), ("presentation", presentation))
    }
