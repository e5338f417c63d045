"""The kinds of letters that wait for the daily digest. All others are sent at once, and nobody can turn them off:
emergencies, safety notices, withdrawals for safety, voided signatures, refused publications, texts that nobody can
sign, changed logins."""

from articles.record.vocabulary import LetterTopic

TOPICS = {
    "submitted": LetterTopic.REQUESTS,
    "overdue": LetterTopic.DUE,
    "due": LetterTopic.DUE,
    "changes-requested": LetterTopic.CHANGES,
    "outdated": LetterTopic.TRANSLATIONS,
    "escalated": LetterTopic.UNASSIGNED,
    "declined": LetterTopic.DECLINED,
    "signed": LetterTopic.SIGNED,
    "published": LetterTopic.PUBLISHED,
    "withdrawn": LetterTopic.WITHDRAWN,
    "returned": LetterTopic.WITHDRAWN,
}
ORDER = list(LetterTopic)
TO_DO = {
    LetterTopic.REQUESTS,
    LetterTopic.DUE,
    LetterTopic.CHANGES,
    LetterTopic.TRANSLATIONS,
    LetterTopic.UNASSIGNED,
}
