import pytest

from tests.machine.test_machine import REACHED, run


@pytest.mark.django_db
def test_long():
    run(examples=70, steps=30)
    print(REACHED)
    assert "session" in REACHED
