"""What intake's tests share: files in a folder of their own, and the way from bytes to an outline."""

from collections.abc import Callable
from pathlib import Path

import pytest

from articles.intake.outline import Outline
from articles.intake.readers import text
from articles.intake.recognize.classify import outline


@pytest.fixture
def read() -> Callable[[str], Outline]:
    """Plain text -> its outline."""
    return lambda written: outline(text.read_blocks(written.encode()))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A file of that name and content."""

    def _write(content: str | bytes, name: str = "article.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


@pytest.fixture(scope="session")
def seed(shared: Path) -> Path:
    return shared / "seed" / "rapamycin-scalp-inflammation.txt"
