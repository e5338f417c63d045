"""How sure the import was of a part, in words."""

SURE, UNSURE = 0.8, 0.5


def words(confidence: float) -> str:
    if confidence < UNSURE:
        return "Please check"
    return "Sure" if confidence >= SURE else "Fairly sure"


def percent(confidence: float) -> int:
    return round(confidence * 100)
