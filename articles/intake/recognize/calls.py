"""Decides whether a paragraph offers the reader a service, and proposes the offer.

An invitation is an imperative with a provider in it ("our", "us", "today", a name, an address). "Book an
appointment with your doctor" is advice, "Book an appointment with us" is a call to action.
"""

# ruff: noqa: E501 - tables of patterns: one meaning a line reads better than a wrapped one
import re

from articles.intake.outline import Call
from articles.record.vocabulary import Purpose, TargetType

MAX_WORDS = 90
MAX_CHARACTERS = 1000
MAX_LABEL = 80

_ENCOUNTER = (
    r"(?:consultations?|appointments?|visits?|call|session|demo|assessment|check-?up|screening|evaluation|slot|tour)"
)
_PROVIDER = r"(?:\b(?:our|us|we|today|now|online|here|free)\b|https?://|www\.|\+\d|\bwith (?!(?:an?|the|your|their|his|her)\b)\w)"
_INVITATIONS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:schedule|book|request|arrange|reserve|get)\b[^.?!]{{0,50}}\b{_ENCOUNTER}\b[^.?!]*{_PROVIDER}",
        rf"\b(?:schedule|book|request|arrange|reserve)\b[^.?!]*{_PROVIDER}[^.?!]*\b{_ENCOUNTER}\b",
        r"\b(?:check out|browse|explore|discover|shop|visit)\b[^.?!]{0,30}\bour\b",
        r"\b(?:see|view|try|take|learn (?:more )?about|find out (?:more )?about)\b[^.?!]{0,30}\bour\b[^.?!]*\b(?:services?|products?"
        r"|shop|store|plans?|programs?|programmes?|clinics?|app|quiz|team|membership|collection)\b",
        r"\b(?:sign up|subscribe|register|join)\b[^.?!]*\b(?:newsletter|mailing list|updates|e-?mails?|inbox|community|waiting ?list"
        r"|member|today|now|free|us)\b",
        r"^\W*(?:buy|order|shop|purchase|get yours)\b[^.?!]*\b(?:now|today|online|here|from us|our)\b",
        r"\b(?:contact|call|e-?mail|message|text|reach(?: out to)?|talk (?:to|with)|speak (?:to|with)|chat with|get in touch with|write to|ask)"
        r" (?:us\b|(?:one of )?our\b)",
        r"\bget in touch\b[^.?!]*\b(?:today|now|team|us)\b|\bget started\b[^.?!]*\b(?:today|now|here|with|online)\b",
        r"\b(?:download|install|try)\b[^.?!]{0,20}\b(?:our|the)\b[^.?!]*\bapp\b",
        r"\b(?:claim your|use (?:the )?(?:promo |discount )?code|start your (?:free|journey|treatment|trial|online)|free (?:trial|shipping))\b",
    )
)
# A question without its subject: the writer speaks to a customer.
_TEASER = re.compile(
    r"^(?:(?:are you )?(?:interested in|ready (?:to|for)|looking (?:for|to)|curious about|thinking (?:of|about))|want (?:to|more|help)"
    r"|need (?:help|more|support|advice)|would you like to|have (?:more )?questions|questions about)\b[^.?!]*\?$",
    re.I,
)
_ADVICE = re.compile(
    r"\b(?:999|911|112|111|emergency|ambulance)\b|\byour (?:own )?(?:doctor|gp|physician|pharmacist|provider)\b",
    re.I,
)
_PURPOSES = (
    (Purpose.NEWSLETTER, r"\b(?:newsletter|subscribe|mailing list|inbox)\b"),
    (
        Purpose.CONSULTATION,
        r"\b(?:appointments?|visits?|assessment|check-?up|screening|evaluation)\b|\b(?:talk|speak|chat) (?:to|with)\b|\bconsult",
    ),
    (
        Purpose.PRODUCT,
        r"\b(?:buy|order|shop|purchase|products?|shipping|code|getting|prescription|bottle|supply)\b",
    ),
)
_URL = re.compile(r"(?:https://|www\.)[^\s<>()\"']+[^\s<>()\"'.,;:!?]", re.I)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+\d[\d ().-]{6,18}\d")


def find_call(text: str) -> Call | None:
    """The call to action in the text, or None."""
    if len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS or _ADVICE.search(text):
        return None
    invitation = next((sentence for sentence in sentences(text) if _invites(sentence)), None)
    if invitation is None and is_teaser(text):
        invitation = text
    return _propose(text, invitation) if invitation else None


def is_teaser(text: str) -> bool:
    """A single question to a customer: "Interested in getting Rapamycin?". Before prose it is a heading."""
    return bool(_TEASER.match(text.strip()))


def propose_call(text: str) -> Call:
    """The offer of a text whose heading shows that it is a call to action."""
    return find_call(text) or _propose(text, next(iter(sentences(text)), text))


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", text) if part.strip()]


def _invites(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in _INVITATIONS)


def _propose(text: str, invitation: str) -> Call:
    target_type, target = _find_target(text)
    label = invitation.rstrip(".!").strip()
    return Call(_purpose(text), label if len(label) <= MAX_LABEL else "", target_type, target)


def _purpose(text: str) -> Purpose:
    return next((purpose for purpose, words in _PURPOSES if re.search(words, text, re.I)), Purpose.SERVICE)


def _find_target(text: str) -> tuple[TargetType, str]:
    if url := _URL.search(text):
        return TargetType.HTTPS, url[0] if url[0].lower().startswith("https://") else f"https://{url[0]}"
    if mail := _MAIL.search(text):
        return TargetType.MAILTO, mail[0]
    if phone := _PHONE.search(text):
        return TargetType.TEL, phone[0]
    return TargetType.HTTPS, ""
