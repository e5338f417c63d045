from tests.browser.test_signing import *

def test_dump(visit, demo):
    print("STAGE", demo.stage("wait_for_a_clinician", SCREENING))
    page = visit("/admin/sign-off/article/5/", as_="reviewer", size=PHONE)
    print(page.url, page.locator("body").inner_text()[:900], [h.inner_text() for h in page.locator("h2, summary").all()][-14:])
    assert 0
