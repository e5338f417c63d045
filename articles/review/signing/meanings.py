"""The sentence above a signature, which says what the signer confirms. It is signed with the text, as `meaning`."""

from articles.record.vocabulary import DocumentKind, Role, Scope

READ = "I have read this text as readers will get it."
READ_AGAIN = "I have read the whole text again, as readers get it now."
MEANING = {
    Role.EDITOR: "It is clear, complete and says what its sources say.",
    Role.MEDICAL: (
        "In my professional judgment it is accurate, balanced and safe to publish, and I take responsibility for this "
        "review."
    ),
    Role.LEGAL: "I have no legal objection to its publication.",
    Role.COMMERCIAL: "It states the offer correctly.",
}
CHANGES = "I have read the marked changes since the last edition, not the whole text again."
OF_CHANGES = {
    Role.EDITOR: "They are clear, and say what their sources say.",
    Role.MEDICAL: (
        "In my professional judgment they are accurate, balanced and safe to publish, and I take responsibility for "
        "this review of them."
    ),
    Role.LEGAL: "I have no legal objection to their publication.",
    Role.COMMERCIAL: "They state the offer correctly.",
}
EMERGENCY = (
    f"{READ} In my professional judgment it is safe to publish at once, in an emergency, before the other signatures "
    "are there, and I take responsibility for that."
)
RETURN = (
    "The text is the one that readers had before it was withdrawn, and nothing in it changed. In my professional "
    "judgment it is safe to show it again, and I take responsibility for that."
)
NOTICE = "I have read this notice as readers will get it, and take responsibility for showing it at once."


def meaning_of(
    role: str, parts: list[str], *, scope: str = Scope.WHOLE, is_again: bool = False, own_words: str = ""
) -> str:
    """The sentence with the parts that it covers: “… Signed: medical part, presentation part.”

    `own_words`: what a suggester's signature says besides (articles.review.own_words).
    """
    if scope == Scope.CHANGES:
        said = [CHANGES, OF_CHANGES[Role(role)]]
    else:
        said = [READ_AGAIN if is_again else READ, MEANING[Role(role)]]
    return " ".join(filter(None, [*said, own_words, covered(parts)]))


def of_a_return() -> str:
    return f"{RETURN} {covered([DocumentKind.MEDICAL])}"


def in_emergency(parts: list[str]) -> str:
    return f"{EMERGENCY} {covered(parts)}"


def covered(parts: list[str]) -> str:
    return f"Signed: {', '.join(DocumentKind(part).label.lower() for part in parts)}."
