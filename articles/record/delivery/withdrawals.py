"""The standard sentences that readers see for a withdrawal: one for each reason, in the article's language."""

from articles.record.vocabulary import WithdrawReason

SENTENCES = {
    "en": {
        WithdrawReason.SAFETY: "This article was withdrawn for safety reasons. Do not act on earlier copies of it.",
        WithdrawReason.OUTDATED: "This article was withdrawn because it is out of date.",
        WithdrawReason.SUPERSEDED: "This article was withdrawn because another article replaces it.",
        WithdrawReason.LEGAL: "This article was withdrawn for legal reasons.",
        WithdrawReason.OTHER: "This article was withdrawn.",
    },
    "es": {
        WithdrawReason.SAFETY: "Este artículo se ha retirado por motivos de seguridad. No se guíe por copias previas.",
        WithdrawReason.OUTDATED: "Este artículo se ha retirado porque ya no está actualizado.",
        WithdrawReason.SUPERSEDED: "Este artículo se ha retirado porque otro artículo lo sustituye.",
        WithdrawReason.LEGAL: "Este artículo se ha retirado por motivos legales.",
        WithdrawReason.OTHER: "Este artículo se ha retirado.",
    },
    "de": {
        WithdrawReason.SAFETY: "Dieser Artikel wurde aus Sicherheitsgründen zurückgezogen. Richten Sie sich "
        "nicht nach früheren Kopien.",
        WithdrawReason.OUTDATED: "Dieser Artikel wurde zurückgezogen, weil er nicht mehr aktuell ist.",
        WithdrawReason.SUPERSEDED: "Dieser Artikel wurde zurückgezogen, weil ein anderer Artikel ihn ersetzt.",
        WithdrawReason.LEGAL: "Dieser Artikel wurde aus rechtlichen Gründen zurückgezogen.",
        WithdrawReason.OTHER: "Dieser Artikel wurde zurückgezogen.",
    },
}


def withdrawal_sentence(reason: str, language: str) -> str:
    """The sentence in the article's language, or else in English."""
    return SENTENCES.get(language.partition("-")[0], SENTENCES["en"])[WithdrawReason(reason)]
