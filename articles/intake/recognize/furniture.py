"""Finds words of a pasted page that are not the article's: buttons, counters, notices, bylines. Each with the reason."""

# ruff: noqa: E501 - tables of patterns: one meaning a line reads better than a wrapped one
import re

MAX_WORDS = 18
MAX_NOTICE_WORDS = 70
MAX_CHARACTERS = 800

_NAME = r"(?:dr\.? )?(?-i:[A-ZÀ-Þ])[\w'’.-]+(?: (?-i:[A-ZÀ-Þ])[\w'’.-]*){0,4}(?:, [\w. ,()-]+)?"
_DATE = r"(?:\d{1,2}(?:st|nd|rd|th)? \w+,? \d{4}|\w+ \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
_NETWORK = r"(?:facebook|twitter|x|whatsapp|linkedin|pinterest|instagram|reddit|e-?mail|print|copy link|tiktok|youtube)"

# fmt: off
_SHORT = (
    ("a share counter", r"(?:\d[\d.,]*k?\+? )?(?:shares?|likes?|views?|comments?|claps|tweets?|followers)(?: \d[\d.,]*k?)?"),
    ("a share button", r"(?:share|tweet|pin|post|like|follow)(?: (?:this|it|us|on|now|via|article|page|post|with friends))*(?: "
                       + _NETWORK + r"(?:,? (?:and |or )?" + _NETWORK + r")*)?"),
    ("a share button", _NETWORK + r"(?:[ ,|/·]+" + _NETWORK + r")+|pin it|tweet this|copy link|print(?: this(?: page)?)?"),
    ("a link to another page", r"(?:read|see|view|show|load|discover|find out) (?:more|less|all|next)(?: \W*)?(?: articles?)?|continue reading"
                               r"|next (?:article|post|page)|previous (?:article|post|page)|click here|learn more"),
    ("a link to another page", r"(?:read (?:more|next)|see also|related|also read|more on|you (?:may|might) also like|recommended)"
                               r"(?: (?:articles?|posts?|stories|topics|reading|for you))?(?: ?[:»>-].*)?"),
    ("an advertisement's label", r"(?:advertis(?:e?ment|ing)|sponsored(?: content| post)?|ad|promoted|paid content)(?: by .*)?"),
    ("navigation of the page", r"(?:skip to (?:main )?content|back to top|go to top|menu|home(?: ?[>/»›|].*)?|search|log ?in|sign in|subscribe"
                               r"|table of contents|contents|jump to(?: section)?|in this (?:article|guide)|on this page|top|close)"),
    ("navigation of the page", r"(?:page )?\d+ (?:of|/) \d+|page \d+|[«»<>|›‹·•*_=~#. -]+"),
    ("a comment form", r"(?:leave|post|add|write) (?:a |your )?(?:comment|reply)|\d* ?(?:comments?|replies|responses?)|reply"),
    ("a picture credit; enter it with the picture", r"(?:photo|image|picture|foto|illustration|credit|photography|getty images|shutterstock|istock"
                                                    r"|unsplash)(?: ?(?:credits?|source|courtesy|by|from|©))*(?: of)? ?[:/©-] ?.+"),
    ("a picture credit; enter it with the picture", r"(?:©|\(c\)) ?(?:getty|shutterstock|istock|unsplash|adobe).*|(?:photo|image) (?:by|credit|courtesy) .+"),
    ("a button", r"\[ ?[^\[\]\d][^\[\]]{1,60}\]|.* <<"),
    ("the reading time", r"\d+ ?[- ]?min(?:ute)?s?(?: read(?:ing)?(?: time)?)?|(?:estimated )?reading time\W.*"),
    ("keywords of the page", r"(?:tags?|categor(?:y|ies)|filed under|posted in|topics?|keywords?|labels?) ?:.*"),
)
_OPENING = (
    ("a byline; choose the authors on the page", r"(?:by|written by|author|authors|words by|edited by|editor) ?:? " + _NAME),
    ("a review note; the sign-off replaces it", r"(?:(?:medically|clinically|fact|peer)[- ])?(?:reviewed|checked|approved)(?: and approved)? "
                                                r"(?:by|on)\b.*"),
    ("a date of the page", r"(?:(?:last |first )?(?:updated|published|reviewed|posted|modified|date)(?: on| in)? ?:? ?)?" + _DATE
                           + r"(?: ?(?:at|,|\|) .*)?"),
)
_NOTICES = (
    ("a cookie notice", r".*\b(?:we|this (?:web)?site|our (?:web)?site) uses? (?:\w+ )?cookies\b.*|(?:accept|manage|reject)(?: all)? cookies.*"),
    ("a copyright notice", r"(?:copyright|©|\(c\)) .*|.*\ball rights reserved\b.*"),
)
# fmt: on


def _compiled(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((reason, re.compile(pattern, re.I | re.S)) for reason, pattern in rows)


SHORT, OPENING, NOTICES = _compiled(_SHORT), _compiled(_OPENING), _compiled(_NOTICES)


def find_furniture(text: str, *, at_opening: bool = False) -> str | None:
    """The reason to leave the text out, or None. Bylines and dates are furniture only around the title."""
    if len(text) > MAX_CHARACTERS:
        return None
    count = len(text.split())
    rules = NOTICES if count <= MAX_NOTICE_WORDS else ()
    if count <= MAX_WORDS:
        rules = (*rules, *SHORT, *(OPENING if at_opening else ()))
    bare = text.strip(" \t:.!|»>›→…")
    return next((f"Page furniture: {reason}." for reason, rule in rules if rule.fullmatch(bare or text)), None)
