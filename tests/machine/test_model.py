"""The model itself: what it must call a violation, so that a fault of the system does not pass for an excuse."""

import pytest

from tests.machine.model import MEDICAL, PRESENTATION, Model

TEXT = {MEDICAL: "words", PRESENTATION: "picture"}
FULL = [(MEDICAL, "editor"), (MEDICAL, "medical"), (PRESENTATION, "editor")]
ON_CALL = [(MEDICAL, "medical"), (PRESENTATION, "medical")]


def signed(*signatures: tuple[str, str], **published) -> Model:
    """An article of one edition, on these signatures; their keys are their places."""
    model = Model()
    for part, token in TEXT.items():
        model.write(part, "author", token)
    for key, (part, role) in enumerate(signatures):
        model.sign(key, part, TEXT[part], role, f"{role} {part}", "whole", "")
    model.publish(TEXT, **published)
    return model


@pytest.mark.parametrize("status", ["current", "due", "overdue"])
def test_all_signatures_excuse_any_status_but_an_emergency(status):
    assert signed(*FULL).violations(TEXT, status) == []
    assert signed(*FULL).violations(TEXT, "emergency") == ["an emergency that nobody declared"]


@pytest.mark.parametrize("status", ["current", "due", "overdue"])
@pytest.mark.parametrize("lacking", FULL)
def test_no_status_excuses_a_signature_that_was_never_there(status, lacking):
    model = signed(*(item for item in FULL if item != lacking))

    assert model.violations(TEXT, status) == [f"{lacking[0]}: no signature of {lacking[1]} on this text"]


def test_a_voided_signature_is_no_longer_current_but_due():
    model = signed(*FULL)
    model.void(1)

    assert model.violations(TEXT, "current") == ["medical: no signature of medical on this text"]
    assert model.violations(TEXT, "due") == []


def test_an_open_emergency_has_a_clinicians_valid_signature():
    model = signed(*ON_CALL, hurried=True)
    assert model.violations(TEXT, "emergency") == []
    assert len(model.violations(TEXT, "due")) == 2

    model.void(0)

    assert model.violations(TEXT, "emergency") == ["an emergency without a clinician"]


def test_an_old_text_does_not_come_back_on_its_old_signature():
    model = signed(*FULL)
    model.publish({**TEXT, MEDICAL: "other words"})
    model.publish(TEXT)

    assert model.violations(TEXT, "current") == ["medical: no signature of editor, medical on this text"]


REWORDED = {**TEXT, MEDICAL: "words, said better"}


def reworded(role: str, **proposed) -> Model:
    """Another medical part after a complete edition, signed in this role alone."""
    model = signed(*FULL)
    for name, value in proposed.items():
        setattr(model, name, value)
    model.sign(3, MEDICAL, REWORDED[MEDICAL], role, "second", "changes", "")
    model.publish(REWORDED)
    return model


def test_an_editorial_change_needs_a_clinician_on_its_own_text_and_no_editor():
    assert reworded("medical", wording_only=True).violations(REWORDED, "current") == []
    assert reworded("medical").violations(REWORDED, "current") == ["medical: no signature of editor on this text"]


@pytest.mark.parametrize("status", ["current", "due", "overdue"])
def test_nothing_excuses_an_editorial_change_without_a_clinician(status):
    model = reworded("editor", wording_only=True)

    assert model.violations(REWORDED, status) == ["medical: no signature of medical on this text"]


def test_an_editorial_change_follows_complete_texts_alone():
    model = signed(*FULL)
    model.void(1)
    model.wording_only = True
    model.sign(3, MEDICAL, REWORDED[MEDICAL], "medical", "second", "whole", "")
    model.publish(REWORDED)

    assert model.violations(REWORDED, "current") == ["medical: no signature of editor on this text"]


@pytest.mark.parametrize("voided", [0, 1, None])
def test_a_signature_on_the_changes_counts_only_while_that_of_its_role_below_does(voided):
    model, changed = signed(*FULL), {**TEXT, MEDICAL: "other words"}
    model.write(MEDICAL, "third", "other words")
    model.sign(10, MEDICAL, "other words", "editor", "second", "whole", "")
    model.sign(11, MEDICAL, "other words", "medical", "clinician", "changes", "")
    model.publish(changed)
    if voided is not None:
        model.void(voided)

    below = next((row.role for row in model.signatures if row.key == voided and row.part == MEDICAL), "")
    found = ["medical: no signature of medical on this text"] if below == "medical" else []
    assert [said for said in model.violations(changed, "current") if "no signature" in said] == found


@pytest.mark.parametrize("is_voided_before", [True, False])
def test_four_eyes_are_judged_when_somebody_signs(is_voided_before):
    """The author's words were vouched for by edition 1, unless its signature was void by then."""
    model, tokens = signed(*FULL), {**TEXT, MEDICAL: "other words"}
    model.write(MEDICAL, "third", "other words")
    if is_voided_before:
        model.void(0)
    model.sign(10, MEDICAL, "other words", "editor", "author", "whole", "")
    model.sign(11, MEDICAL, "other words", "medical", "clinician", "whole", "")
    model.publish(tokens)
    if not is_voided_before:
        model.void(0)

    found = ["medical: author vouched for what they had written"] if is_voided_before else []
    assert model.violations(tokens, "current") == found
