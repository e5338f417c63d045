"""A citation says how its source supports the claim only once somebody chose it."""

import pytest

from articles.authoring.blocks.citations import CitationBlock
from articles.document.gather import gather
from articles.document.render import render
from tests.factories import block, citation, make_article, make_source, make_user

pytestmark = pytest.mark.django_db


def test_a_new_citation_states_no_support():
    assert CitationBlock().get_default().get("support") in (None, "")


@pytest.mark.parametrize("support", ["", None])
def test_what_is_signed_states_no_support_that_nobody_chose(support):
    source = make_source()
    causes = block("causes", items=[{"name": "Dandruff", "citations": [citation(source, support=support)]}])
    said = f'<p>It helps <a linktype="citation" sources="{source.pk}" support="" locator="">[1]</a>.</p>'
    page = make_article(by=make_user("author", "Authors"), body=[causes, block("conclusion", text=said)])

    document = render(gather(page.get_latest_revision()))["medical"]

    assert b'"support"' not in document.content
