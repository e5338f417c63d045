"""The sentence above a signature: what it says about whom. Copied into the sign-off."""

from articles.record.vocabulary import DocumentKind, Role

MEANING = {
    Role.EDITOR: "I have read this text as readers will get it. It is clear, complete and says what its sources say.",
    Role.MEDICAL: (
        "I have read this text as readers will get it. To my professional judgement it is accurate, "
        "balanced and safe to publish, and I take responsibility for this review."
    ),
    Role.LEGAL: "I have read this text as readers will get it and have no legal objection to its publication.",
    Role.COMMERCIAL: "I have read this text as readers will get it; it states the offer correctly.",
}


def statement(role: str, parts: list[str]) -> str:
    """The sentence with what it covers: “… Signed: medical part, presentation part.”"""
    covered = ", ".join(DocumentKind(part).label.lower() for part in parts)
    return f"{MEANING[Role(role)]} Signed: {covered}."
