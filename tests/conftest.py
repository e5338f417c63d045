"""What every test may use. Services and ../shared that are absent make tests skip with a reason."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared; skips where it is absent (fails with REQUIRE_SHARED=1)."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        absent("../shared is not here", "REQUIRE_SHARED")
    return folder


def absent(reason: str, variable: str = "REQUIRE_SERVICES") -> None:
    """Skip with the reason, or fail where CI requires it."""
    if os.environ.get(variable) == "1":
        pytest.fail(f"{reason}, and {variable}=1 requires it", pytrace=False)
    pytest.skip(reason)
