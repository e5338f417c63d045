"""All closed lists. Their values are used in JSON: lower-kebab; values may be added, but never change.

The labels appear in the admin and in the rendered article.
"""

from django.db.models import TextChoices


class ArticleType(TextChoices):
    CONDITION = "condition", "Condition"
    TREATMENT = "treatment", "Treatment"
    MEDICINE = "medicine", "Medicine"
    SUPPLEMENT = "supplement", "Supplement"
    TEST = "test", "Test"
    EXPLAINER = "explainer", "Explainer"


class Audience(TextChoices):
    PATIENT = "patient", "Patients and the public"
    CLINICIAN = "clinician", "Clinicians"


class CodeSystem(TextChoices):
    ICD_10_CM = "icd-10-cm", "ICD-10-CM"
    SNOMED_CT = "snomed-ct", "SNOMED CT"
    RXNORM = "rxnorm", "RxNorm"
    MESH = "mesh", "MeSH"
    LOINC = "loinc", "LOINC"


class RegulatoryStatus(TextChoices):
    LICENSED = "licensed", "Licensed for this use"
    OFF_LABEL = "off-label", "Licensed, used off-label here"
    UNLICENSED = "unlicensed", "Not licensed"
    SUPPLEMENT = "supplement", "Sold as a supplement"


class SectionKind(TextChoices):
    INTRODUCTION = "introduction", "Introduction"
    PROSE = "prose", "Prose"
    CAUSES = "causes", "Causes"
    MECHANISM = "mechanism", "Mechanism"
    EVIDENCE = "evidence", "Evidence"
    RISKS = "risks", "Risks"
    SEEK_HELP = "seek-help", "When to seek help"
    FAQ = "faq", "Questions and answers"
    FIGURE = "figure", "Figure"
    TABLE = "table", "Table"
    CONCLUSION = "conclusion", "Conclusion"
    CTA = "cta", "Call to action"
    SOURCES = "sources", "Sources"


class Importance(TextChoices):
    NORMAL = "normal", "Normal"
    MUST_SHOW = "must-show", "Must be shown"


class Aspect(TextChoices):
    SYMPTOMS = "symptoms", "Symptoms"
    DIAGNOSIS = "diagnosis", "Diagnosis"
    TREATMENT = "treatment", "Treatment"
    DOSAGE = "dosage", "Dosage"
    PREVENTION = "prevention", "Prevention"
    PREPARATION = "preparation", "Preparation"
    RESULTS = "results", "Results"
    LIVING_WITH = "living-with", "Living with it"
    PROGNOSIS = "prognosis", "Prognosis"
    RESEARCH = "research", "Research"
    OTHER = "other", "Other"


class MechanismAction(TextChoices):
    INHIBITS = "inhibits", "inhibits"
    ACTIVATES = "activates", "activates"
    BINDS = "binds", "binds"
    BLOCKS = "blocks", "blocks"
    REDUCES = "reduces", "reduces"
    INCREASES = "increases", "increases"
    REPLACES = "replaces", "replaces"
    MODULATES = "modulates", "modulates"
    OTHER = "other", "acts on"


class Subjects(TextChoices):
    PEOPLE = "people", "People"
    ANIMALS = "animals", "Animals"
    CELLS = "cells", "Cells or tissue"


class Certainty(TextChoices):
    """GRADE certainty of a body of evidence for an outcome."""

    HIGH = "high", "High certainty"
    MODERATE = "moderate", "Moderate certainty"
    LOW = "low", "Low certainty"
    VERY_LOW = "very-low", "Very low certainty"
    NOT_ASSESSED = "not-assessed", "Certainty not assessed"


class CertaintyBasis(TextChoices):
    QUOTED = "quoted", "Quoted from a review or guideline"
    OUR_JUDGEMENT = "our-judgement", "Our judgment"


class Support(TextChoices):
    DIRECT = "direct", "Supports the claim directly"
    INDIRECT = "indirect", "Supports the claim indirectly"
    BACKGROUND = "background", "Background"


class Frequency(TextChoices):
    """Adverse reaction frequency. Source: SmPC guideline rev. 2, section 4.8; lower bound inclusive."""

    VERY_COMMON = "very-common", "Very common (1 in 10 people or more)"
    COMMON = "common", "Common (1 in 100 to 1 in 10)"
    UNCOMMON = "uncommon", "Uncommon (1 in 1,000 to 1 in 100)"
    RARE = "rare", "Rare (1 in 10,000 to 1 in 1,000)"
    VERY_RARE = "very-rare", "Very rare (fewer than 1 in 10,000)"
    NOT_KNOWN = "not-known", "Frequency not known"


class Severity(TextChoices):
    MILD = "mild", "Mild"
    MODERATE = "moderate", "Moderate"
    SEVERE = "severe", "Severe"
    LIFE_THREATENING = "life-threatening", "Life-threatening"


class Route(TextChoices):
    ANY = "any", "Any route"
    ORAL = "oral", "By mouth"
    TOPICAL = "topical", "On the skin"
    INJECTION = "injection", "By injection"
    INHALED = "inhaled", "Inhaled"
    OTHER = "other", "Another route"


class CautionLevel(TextChoices):
    AVOID = "avoid", "Avoid"
    SEEK_ADVICE = "seek-advice", "Seek advice first"


class HelpLevel(TextChoices):
    EMERGENCY = "emergency", "Emergency: call now"
    URGENT = "urgent", "Urgent: the same day"
    ROUTINE = "routine", "Routine: make an appointment"


class Purpose(TextChoices):
    CONSULTATION = "consultation", "Consultation"
    SERVICE = "service", "Service"
    PRODUCT = "product", "Product"
    NEWSLETTER = "newsletter", "Newsletter"


class TargetType(TextChoices):
    HTTPS = "https", "Web address (https)"
    TEL = "tel", "Telephone number"
    MAILTO = "mailto", "Email address"
    APP = "app", "App screen"


class StudyDesign(TextChoices):
    SYSTEMATIC_REVIEW = "systematic-review", "Systematic review"
    RANDOMIZED_TRIAL = "randomized-trial", "Randomized trial"
    COHORT = "cohort", "Cohort study"
    CASE_CONTROL = "case-control", "Case-control study"
    CASE_SERIES = "case-series", "Case series"
    CASE_REPORT = "case-report", "Case report"
    ANIMAL = "animal", "Animal study"
    IN_VITRO = "in-vitro", "Laboratory study"
    GUIDELINE = "guideline", "Guideline"
    EXPERT_OPINION = "expert-opinion", "Expert opinion"
    OTHER = "other", "Other"


class SourceStatus(TextChoices):
    STANDING = "standing", "In good standing"
    CORRECTED = "corrected", "Corrected"
    CONCERN = "expression-of-concern", "Expression of concern"
    RETRACTED = "retracted", "Retracted"


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


class Role(TextChoices):
    EDITOR = "editor", "Editor"
    MEDICAL = "medical", "Medical reviewer"
    LEGAL = "legal", "Legal reviewer"
    COMMERCIAL = "commercial", "Commercial reviewer"


class Scope(TextChoices):
    WHOLE = "whole", "The whole text"
    CHANGES = "changes", "The marked changes"


class ReviewStatus(TextChoices):
    CURRENT = "current", "Reviewed"
    DUE = "due", "Review due"
    OVERDUE = "overdue", "Review overdue"
    EMERGENCY = "emergency", "Published in an emergency"


class AfterGrace(TextChoices):
    BANNER = "banner", "Show that the review is overdue"
    DROP_OFFERS = "drop-offers", "Also leave out the offers"
    WITHHOLD = "withhold", "Withhold the article"


class ChangeKind(TextChoices):
    MATERIAL = "material", "Material"
    EDITORIAL = "editorial", "Editorial"


class NoticeKind(TextChoices):
    """The kinds of notice shown above an article."""

    SAFETY = "safety", "Safety notice"
    CORRECTION = "correction", "Correction"
    REFERENCE_RETRACTED = "reference-retracted", "A source was retracted"
    REFERENCE_CONCERN = "reference-concern", "Concern about a source was expressed"
    REVIEW_OVERDUE = "review-overdue", "The review is overdue"
    EMERGENCY = "emergency", "Published in an emergency"


class DeclineReason(TextChoices):
    CONFLICT_OF_INTEREST = "conflict-of-interest", "I have a conflict of interest"
    NOT_MY_FIELD = "not-my-field", "It is not my field"
    NO_TIME = "no-time", "I have no time for it"


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


class WithdrawReason(TextChoices):
    SAFETY = "safety", "Safety"
    OUTDATED = "outdated", "Outdated"
    SUPERSEDED = "superseded", "Superseded"
    LEGAL = "legal", "Legal"
    OTHER = "other", "Other"


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
    NOTICE_LIFTED = "notice-lifted", "Notice lifted"
    SOURCE_STATUS = "source-status", "Source status changed"
    SOURCE_DECIDED = "source-decided", "Decision about a source"
    POLICY_CHANGED = "policy-changed", "Policy changed"
    PERSON_CHANGED = "person-changed", "Person changed"
    ROLE_CONFIRMED = "role-confirmed", "Role confirmed"
    KEY_ENROLLED = "key-enrolled", "Key enrolled"
    KEY_ISSUED = "key-issued", "Key issued"
    KEY_REVOKED = "key-revoked", "Key revoked"
    REFUSED = "refused", "Refused"
    ERASED = "erased", "Erased"


# Events that withdraw an article or a component until it is published again.
TAKING_BACK = (EventKind.WITHDRAWN, EventKind.COMPONENT_WITHDRAWN)

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
