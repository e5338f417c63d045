"""`docs/verify.html` from the disk, pointed at a running server; tests/verifiers/test_page.py asks it the rest."""

from tests.conftest import ROOT


def test_a_running_server_may_be_asked_from_the_disk(demo, chromium):
    """A page from the disk has no origin, and the API allows it."""
    page = chromium.new_page()
    page.goto((ROOT / "docs/verify.html").as_uri())
    page.fill("#address", f"{demo.url}/api/v1/articles/rapamycin-and-scalp-inflammation/")
    page.click("button")
    page.wait_for_selector("#found .verdict")
    said = page.inner_text("#found")
    page.close()

    assert "Not proven" in said, said
    assert "Password: nothing proves it" in said
