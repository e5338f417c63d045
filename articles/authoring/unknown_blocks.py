"""Would saving lose a block? Wagtail drops block types that it does not know, in silence; here that is refused."""

import json
from typing import Any

from articles.authoring.blocks.article import ArticleBody
from articles.errors import UnknownBlock


def unknown_blocks(content: dict[str, Any]) -> list[str]:
    """Block types in a revision's body that ArticleBody does not know."""
    raw = content.get("body") or "[]"
    blocks = json.loads(raw) if isinstance(raw, str) else raw
    return sorted({str(block.get("type")) for block in blocks} - set(ArticleBody.base_blocks))


def require_none_lost(content: dict[str, Any]) -> None:
    """Raises UnknownBlock, naming the block types."""
    if unknown := unknown_blocks(content):
        raise UnknownBlock(
            f"The article contains blocks that this version of Vetted does not know: {', '.join(unknown)}. Saving "
            "would delete them. Update Vetted to the version in which they were made, or remove them there."
        )
