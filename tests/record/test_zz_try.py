import pytest, json
from tests.record.signed_values import *
from articles.record.differences import differences
from articles.record.materiality import classify
@pytest.mark.django_db
def test_x():
    d = make_documents()
    json.dump(d, open('/tmp/docs.json','w'), indent=1, ensure_ascii=False)
    for part, v in d.items():
        print('=====', part)
        for c in differences(None, v): print('--', c.place, c.kind); print(''.join(r.text for r in c.runs))
    m=d['medical']; r=renumbered(m,[1,0]); print(differences(m,r), classify(m,r))
    assert 0
