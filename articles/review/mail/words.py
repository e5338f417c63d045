"""The closed lists in the languages of letters. The labels of the admin are English (articles.record.vocabulary)."""

from articles.record.vocabulary import DeclineReason, DocumentKind, Role, WithdrawReason

Words = dict[str, str]


def _in(en: str, es: str, de: str) -> Words:
    return {"en": en, "es": es, "de": de}


ROLES: dict[str, Words] = {
    Role.EDITOR.value: _in("editor", "redacción", "Redaktion"),
    Role.MEDICAL.value: _in("medical reviewer", "revisión médica", "medizinische Prüfung"),
    Role.LEGAL.value: _in("legal reviewer", "revisión jurídica", "rechtliche Prüfung"),
    Role.COMMERCIAL.value: _in("commercial reviewer", "revisión comercial", "kaufmännische Prüfung"),
}
PARTS: dict[str, Words] = {
    DocumentKind.MEDICAL.value: _in("medical part", "parte médica", "medizinischer Teil"),
    DocumentKind.PRESENTATION.value: _in("presentation part", "parte de presentación", "Darstellung"),
    DocumentKind.OFFER.value: _in("offer", "oferta", "Angebot"),
    DocumentKind.DISCLAIMER.value: _in("disclaimer", "aviso legal", "rechtlicher Hinweis"),
    DocumentKind.NOTICE.value: _in("safety notice", "aviso de seguridad", "Sicherheitshinweis"),
}
WITHDRAWN: dict[str, Words] = {
    WithdrawReason.SAFETY.value: _in("safety", "seguridad", "Sicherheit"),
    WithdrawReason.OUTDATED.value: _in("outdated", "desactualizado", "veraltet"),
    WithdrawReason.SUPERSEDED.value: _in("superseded", "sustituido", "ersetzt"),
    WithdrawReason.LEGAL.value: _in("legal", "legal", "rechtliche Gründe"),
    WithdrawReason.OTHER.value: _in("other", "otro", "Sonstiges"),
    "review-overdue": _in("the review is overdue", "revisión vencida", "Prüfung überfällig"),
}
DECLINED: dict[str, Words] = {
    DeclineReason.CONFLICT_OF_INTEREST.value: _in(
        "conflict of interest", "conflicto de intereses", "Interessenkonflikt"
    ),
    DeclineReason.NOT_MY_FIELD.value: _in("not my field", "no es mi especialidad", "nicht mein Fachgebiet"),
    DeclineReason.NO_TIME.value: _in("no time", "falta de tiempo", "keine Zeit"),
}
LOGIN_FACTS: dict[str, Words] = {
    "email": _in("email address", "dirección de correo electrónico", "E-Mail-Adresse"),
    "groups": _in("groups", "grupos", "Gruppen"),
    "is_active": _in("whether you can log in", "si puede iniciar sesión", "ob Sie sich anmelden können"),
    "is_superuser": _in("administrator rights", "permisos de administración", "Administratorrechte"),
    "username": _in("username", "nombre de usuario", "Benutzername"),
}


def word(words: dict[str, Words], value: str) -> Words:
    """The translations of the value, or the value itself if it is unknown."""
    return words.get(value) or _in(value, value, value)
