"""When a translation is outdated: the one answer that the API, the admin and the letters give. Pure."""

from collections.abc import Sequence
from datetime import datetime

from articles.record.models import Edition
from articles.record.vocabulary import ChangeKind


def is_outdated(translation: Sequence[Edition], original: Sequence[Edition]) -> bool:
    """Whether the original had a material change after the translation's latest edition.

    Both are all editions of an article, oldest first. A text that was never published is not outdated, and makes
    nothing outdated. Source: docs/json.md, `links.translations[].outdated`.
    """
    changed_at = changed_materially_at(original)
    return bool(translation) and changed_at is not None and changed_at > translation[-1].published_at


def changed_materially_at(editions: Sequence[Edition]) -> datetime | None:
    """When the last material change was published; None if there was none after the first edition."""
    changes = [row.published_at for row in editions if is_material_change(row)]
    return changes[-1] if changes else None


def is_material_change(edition: Edition) -> bool:
    return edition.number > 1 and edition.change_kind != ChangeKind.EDITORIAL
