"""All closed lists. Their values are used in JSON: lower-kebab; values may be added, but never change.

Lists that readers see have their labels and meanings in words.toml, by language; the admin shows the English ones.
"""

from django.db.models import TextChoices

from articles.record import words


class ReaderChoices(TextChoices):
    """A list that readers see. Its labels are those of words.toml."""

    @property
    def label(self) -> str:
        return words.label(words.list_name(type(self).__name__), self.value, words.DEFAULT).text


class ArticleType(ReaderChoices):
    CONDITION = "condition"
    TREATMENT = "treatment"
    MEDICINE = "medicine"
    SUPPLEMENT = "supplement"
    TEST = "test"
    EXPLAINER = "explainer"


class Audience(ReaderChoices):
    PATIENT = "patient"
    CLINICIAN = "clinician"


class AiUse(ReaderChoices):
    """How AI was used for an article, as its editors declare it."""

    NONE = "none"
    ASSISTED = "assisted"
    DRAFTED = "drafted"
    TRANSLATED = "translated"


class CodeSystem(ReaderChoices):
    ICD_10_CM = "icd-10-cm"
    SNOMED_CT = "snomed-ct"
    RXNORM = "rxnorm"
    MESH = "mesh"
    LOINC = "loinc"


class RegulatoryStatus(ReaderChoices):
    LICENSED = "licensed"
    OFF_LABEL = "off-label"
    UNLICENSED = "unlicensed"
    SUPPLEMENT = "supplement"


class SectionKind(ReaderChoices):
    INTRODUCTION = "introduction"
    PROSE = "prose"
    CAUSES = "causes"
    MECHANISM = "mechanism"
    EVIDENCE = "evidence"
    RISKS = "risks"
    SEEK_HELP = "seek-help"
    FAQ = "faq"
    FIGURE = "figure"
    TABLE = "table"
    CONCLUSION = "conclusion"
    CTA = "cta"
    SOURCES = "sources"


class Importance(ReaderChoices):
    NORMAL = "normal"
    MUST_SHOW = "must-show"


class Aspect(ReaderChoices):
    SYMPTOMS = "symptoms"
    DIAGNOSIS = "diagnosis"
    TREATMENT = "treatment"
    DOSAGE = "dosage"
    PREVENTION = "prevention"
    PREPARATION = "preparation"
    RESULTS = "results"
    LIVING_WITH = "living-with"
    PROGNOSIS = "prognosis"
    RESEARCH = "research"
    OTHER = "other"


class MechanismAction(ReaderChoices):
    INHIBITS = "inhibits"
    ACTIVATES = "activates"
    BINDS = "binds"
    BLOCKS = "blocks"
    REDUCES = "reduces"
    INCREASES = "increases"
    REPLACES = "replaces"
    MODULATES = "modulates"
    OTHER = "other"


class Subjects(ReaderChoices):
    PEOPLE = "people"
    ANIMALS = "animals"
    CELLS = "cells"


class Certainty(ReaderChoices):
    """GRADE certainty of a body of evidence for an outcome."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"
    NOT_ASSESSED = "not-assessed"


class CertaintyBasis(ReaderChoices):
    QUOTED = "quoted"
    OUR_JUDGEMENT = "our-judgement"


class Support(ReaderChoices):
    DIRECT = "direct"
    INDIRECT = "indirect"
    BACKGROUND = "background"


class Frequency(ReaderChoices):
    """Adverse reaction frequency. Source: SmPC guideline rev. 2, section 4.8; lower bound inclusive."""

    VERY_COMMON = "very-common"
    COMMON = "common"
    UNCOMMON = "uncommon"
    RARE = "rare"
    VERY_RARE = "very-rare"
    NOT_KNOWN = "not-known"


class Severity(ReaderChoices):
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    LIFE_THREATENING = "life-threatening"


class Route(ReaderChoices):
    ANY = "any"
    ORAL = "oral"
    TOPICAL = "topical"
    INJECTION = "injection"
    INHALED = "inhaled"
    OTHER = "other"


class CautionLevel(ReaderChoices):
    AVOID = "avoid"
    SEEK_ADVICE = "seek-advice"


class HelpLevel(ReaderChoices):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Purpose(ReaderChoices):
    CONSULTATION = "consultation"
    SERVICE = "service"
    PRODUCT = "product"
    NEWSLETTER = "newsletter"


class TargetType(ReaderChoices):
    HTTPS = "https"
    TEL = "tel"
    MAILTO = "mailto"
    APP = "app"


class StudyDesign(ReaderChoices):
    SYSTEMATIC_REVIEW = "systematic-review"
    RANDOMIZED_TRIAL = "randomized-trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CASE_SERIES = "case-series"
    CASE_REPORT = "case-report"
    ANIMAL = "animal"
    IN_VITRO = "in-vitro"
    GUIDELINE = "guideline"
    EXPERT_OPINION = "expert-opinion"
    OTHER = "other"


class SourceStatus(ReaderChoices):
    STANDING = "standing"
    CORRECTED = "corrected"
    SUPERSEDED = "superseded"
    CONCERN = "expression-of-concern"
    RETRACTED = "retracted"


class SourceDecision(TextChoices):
    """What an editor decides, once for all articles, about a source that was corrected or superseded."""

    NO_UPDATE = "no-update", "No update is needed"
    UPDATE = "update", "The articles that cite it need an update"


class DocumentKind(TextChoices):
    MEDICAL = "medical", "Medical part"
    PRESENTATION = "presentation", "Presentation part"
    OFFER = "offer", "Offer"
    DISCLAIMER = "disclaimer", "Disclaimer"
    NOTICE = "notice", "Safety notice"


class SubjectKind(TextChoices):
    ARTICLE = "article", "Article"
    OFFER = "offer", "Offer"
    DISCLAIMER = "disclaimer", "Disclaimer"
    POLICY = "policy", "Policy"
    PERSON = "person", "Person"
    SOURCE = "source", "Source"
    NOTICE = "notice", "Safety notice"
    KEY = "key", "Key"


class Role(ReaderChoices):
    EDITOR = "editor"
    MEDICAL = "medical"
    LEGAL = "legal"
    COMMERCIAL = "commercial"


class Scope(ReaderChoices):
    WHOLE = "whole"
    CHANGES = "changes"


class ReviewStatus(ReaderChoices):
    CURRENT = "current"
    DUE = "due"
    OVERDUE = "overdue"
    EMERGENCY = "emergency"


class AfterGrace(TextChoices):
    BANNER = "banner", "Show that the review is overdue"
    DROP_OFFERS = "drop-offers", "Also leave out the offers"
    WITHHOLD = "withhold", "Withhold the article"


class ChangeKind(ReaderChoices):
    MATERIAL = "material"
    EDITORIAL = "editorial"


class NoticeKind(ReaderChoices):
    """The kinds of notice shown above an article."""

    SAFETY = "safety"
    CORRECTION = "correction"
    REFERENCE_RETRACTED = "reference-retracted"
    REFERENCE_CONCERN = "reference-concern"
    REVIEW_OVERDUE = "review-overdue"
    EMERGENCY = "emergency"


class Method(TextChoices):
    """How a person was authenticated when they signed."""

    PASSKEY = "passkey", "Passkey"
    PASSWORD = "password", "Password (weaker than a passkey)"


class KeyCheck(TextChoices):
    """How a medical lead checked whose passkey it is."""

    IN_PERSON = "in-person", "In person"
    VIDEO = "by-video", "By video"


class DeclineReason(TextChoices):
    CONFLICT_OF_INTEREST = "conflict-of-interest", "I have a conflict of interest"
    NOT_MY_FIELD = "not-my-field", "It is not my field"
    NO_TIME = "no-time", "I have no time for it"


class LetterTopic(TextChoices):
    """What letters without urgency are about; the order is that of a digest."""

    REQUESTS = "requests", "Requests for my signature"
    DUE = "due", "Reviews that are due or overdue"
    CHANGES = "changes", "Changes requested in my texts"
    TRANSLATIONS = "translations", "Translations of mine whose original has changed"
    UNASSIGNED = "unassigned", "Requests that nobody has taken (sent to medical leads)"
    DECLINED = "declined", "Reviewers who declined my texts"
    SIGNED = "signed", "Signatures on my texts"
    PUBLISHED = "published", "Publication of my texts"
    WITHDRAWN = "withdrawn", "Withdrawals, unless for safety, and returns of my texts"


class SuggestionState(TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    OUTDATED = "outdated", "The text has changed since"


class PublicationState(TextChoices):
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"
    WITHHELD = "withheld", "Withheld"


SERVED = (PublicationState.PUBLISHED, PublicationState.WITHHELD)  # the states with an edition in force


class WithdrawReason(ReaderChoices):
    SAFETY = "safety"
    OUTDATED = "outdated"
    SUPERSEDED = "superseded"
    LEGAL = "legal"
    OTHER = "other"


class RevokeReason(TextChoices):
    LOST = "lost", "The key was lost"
    COMPROMISED = "compromised", "Somebody else may have used it"
    LEFT = "left", "The person left"
    REPLACED = "replaced", "Another key replaced it"
    OTHER = "other", "Another reason"


class ScheduledAction(TextChoices):
    PUBLISH = "publish", "Publish"
    WITHDRAW = "withdraw", "Withdraw"


class ScheduleState(TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class EventKind(TextChoices):
    IMPORTED = "imported", "Imported"
    SUBMITTED = "submitted", "Submitted"
    SIGNED = "signed", "Signed"
    VOIDED = "voided", "Sign-off voided"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"
    REAFFIRMED = "reaffirmed", "Re-affirmed"
    REFILED = "refiled", "Refiled"
    WITHDRAWN = "withdrawn", "Withdrawn"
    RETURNED = "returned", "Returned"
    COMPONENT_WITHDRAWN = "component-withdrawn", "Component withdrawn"
    NOTICED = "noticed", "Notice added"
    NOTICE_CONFIRMED = "notice-confirmed", "Notice confirmed"
    NOTICE_LIFTED = "notice-lifted", "Notice lifted"
    SOURCE_STATUS = "source-status", "Source status changed"
    SOURCE_DECIDED = "source-decided", "Decision about a source"
    POLICY_CHANGED = "policy-changed", "Policy changed"
    PERSON_CHANGED = "person-changed", "Person changed"
    ROLE_CONFIRMED = "role-confirmed", "Role confirmed"
    KEY_ENROLLED = "key-enrolled", "Key enrolled"
    KEY_ISSUED = "key-issued", "Key issued"
    KEY_REVOKED = "key-revoked", "Key revoked"
    KEY_ROTATED = "key-rotated", "Organisation's key set"
    REFUSED = "refused", "Refused"
    ERASED = "erased", "Erased"


# Events that withdraw an article or a component until it is published again.
TAKING_BACK = (EventKind.WITHDRAWN, EventKind.COMPONENT_WITHDRAWN)

# Events of a source after which the articles that cite it may differ.
OF_SOURCES = (EventKind.SOURCE_STATUS, EventKind.SOURCE_DECIDED)

# Events after which the published state of their subject may differ.
SHOWING = (
    EventKind.PUBLISHED,
    EventKind.REAFFIRMED,
    EventKind.REFILED,
    EventKind.WITHDRAWN,
    EventKind.RETURNED,
    EventKind.COMPONENT_WITHDRAWN,
    EventKind.NOTICED,
    EventKind.NOTICE_LIFTED,
    EventKind.VOIDED,
)
