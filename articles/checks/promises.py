"""Which words promise what no medicine can? Used by the check of language. English only.

A promise counts where the sentence makes it: “cures baldness”. Whoever denies it (“there is no cure”),
asks (“Does it cure baldness?”) or reports what others say (“claims that it cures”) is honest.
Source: FDA, 6 Tip-offs to Rip-offs (health fraud).
"""

import re
import unicodedata
from collections.abc import Iterator

from articles.sources.identifiers import INVISIBLE

ALL = r"(?:100 ?%|(?:100|(?:one |a )?hundred) per ?cent)"
FULLY = r"(?:completely|totally|entirely|absolutely|perfectly|utterly|always)"
HELPS = r"(?:works?|helps?|heals?|stops?|removes?|relieves?|clears?|fixes|disappears?|vanish(?:es)?)"
PROMISES = (
    r"cures?(?! (?:rates?|fractions?|trial|study)\b)",
    r"guarantee(?:s|d|ing)?",
    r"miracles?|miraculous(?:ly)?|panacea|(?:wonder|magic) (?:drug|pill|cure|remedy|bullet)s?",
    rf"{ALL}[ -](?:safe|harmless|effective|success(?:ful)?|reliable|certain|proven|risk-free|pain-free)",
    rf"{FULLY} (?:safe|effective|reliable|risk-free|works|helps|heals)",
    r"risk[- ]free|zero risks?|without any risks?|no risks? (?:at all|whatsoever)",
    r"(?:no|zero|without(?: any)?|free (?:of|from)) side[- ]effects?",
    r"(?:works?|helps?|heals?)(?: for| on| in)? (?:everyone|everybody|anyone|every (?:patient|person|time))",
    r"(?:works?|helps?) (?:for|on|in) all(?: people| patients)?",
    r"never fails?|cannot fail|can't fail|foolproof|sure[- ]fire",
    r"(?:instant|overnight) (?:relief|results?|success|healing)|permanent relief",
    rf"instantly {HELPS}|{HELPS}(?: \w+){{0,4}} instantly",
)
PROMISE = re.compile(rf"(?<![\w@/])(?:{'|'.join(PROMISES)})(?![\w@/])", re.IGNORECASE)
HEDGE = re.compile(
    r"\b(?:can|could|may|might|sometimes|often|usually|generally)(?: \w+){0,3}$|\bultimately,?(?: \w+){0,2}$|"
    r"(?<!\bhow )(?<!\bway )(?<!\bable )(?<!\bsure )(?<!\bproven )(?<!\bgoing )\bto(?: \w+,?){0,4}$",
    re.IGNORECASE,
)

QUESTION = re.compile(r"\W*(?:do|does|did|can|could|is|are|was|were|will|would|has|have|should)\b.*\?$", re.IGNORECASE)
DENIAL = re.compile(
    r"\b(?:not|never|none|nothing|nobody|neither|nor|cannot|hardly|rarely|no one|\w+n't|doesnt|dont|cant|wont)\b"
    r"(?! (?:only|just|merely|miss|wait|worry|hesitate|despair|wonder|give up|try)\b)"
    r"|\bno\b(?! (?:more|matter|wonder|doubt|need|only)\b)(?!.* and\b)(?![^,]*,(?!.*\bor\b))"
    r"|\b(?:without|instead of)(?: a| an| any| the)?$",
    re.IGNORECASE,
)
DENIED_AFTER = re.compile(
    r"(?: for(?: \w+){1,3})? (?:(?:has|have|is|are|does|do|was|were|will|can|could) not|"
    r"(?:has|have|is|are|does|do|was|were|wo|ca|could)n't|cannot|remains? (?:unknown|elusive)|nothing|nobody|no one)\b",
    re.IGNORECASE,
)
WARNED = re.compile(r"\b(?:beware|wary|myths?|so-called|s[ck]eptical|suspicious|dubious|distrust)\b", re.IGNORECASE)
REPORTED = re.compile(
    r"\b(?:whether|claim(?:s|ed|ing)?|supposed(?:ly)?|alleged(?:ly)?|hop(?:e|es|ed|ing) (?:for|that)|avoid|doubtful|"
    r"search(?:es|ing)? for|research (?:into|on)|(?:advertised|marketed|sold|touted|hailed) as|"
    r"(?:know|see|tell|ask|find out|unclear|unknown|sure) if|"
    r"(?:research(?:ers?)?|scientists?|doctors|studies|science)\b.*\b"
    r"(?:look|looking|seek|seeking|work|working|finding|discovering|investigating|aimed))\b",
    re.IGNORECASE,
)
OBSERVED = re.compile(
    r"\b(?:had|got|reported|experienced|saw|found|showed|caused|noticed)(?: \w+)?$|"
    r"\b(?:people|patients|adults|children|women|men|participants|who|most|many|some|they)\b.*"
    r"\b(?:have|get|report|experience|notice|feel)$|\b(?:if|when|unless|until)\b",
    re.IGNORECASE,
)
OBSERVED_AFTER = re.compile(r" (?:were|was|are|have been|has been) (?:\w+ )?(?:reported|seen|found|observed|noted)")

NEW_CLAUSE = re.compile(
    r"[;:(–—]|\b(?:but|yet|because|while|although)\b|,\s*(?:and |so |then )?"
    r"(?:it|this|that|these|those|our|they|we|you|he|she|the)\b",
    re.IGNORECASE,
)
REACH = 300  # characters that a denial reaches; keeps the time linear
ASIDE = re.compile(r"\([^()]*\)")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
ADDRESS = re.compile(r"https?://\S+|www\.\S+")
TYPED = str.maketrans(dict.fromkeys("‐‑‒−", "-") | dict.fromkeys("’ʼ‘", "'") | {"％": "%"})


def find_promises(text: str) -> Iterator[tuple[str, bool]]:
    """(the words, whether the sentence hedges them: “can cure”)."""
    for sentence in SENTENCE.split(ADDRESS.sub(" ", _typed(text))):
        sentence = " ".join(sentence.split())
        if not QUESTION.match(sentence):
            yield from _of_sentence(sentence)


def _of_sentence(sentence: str) -> Iterator[tuple[str, bool]]:
    for found in PROMISE.finditer(sentence):
        before = ASIDE.sub("", sentence[max(0, found.start() - REACH) : found.start()])
        clause = NEW_CLAUSE.split(before)[-1].strip()
        words, after = found[0].lower(), sentence[found.end() : found.end() + REACH]
        if not _is_honest(words, before, clause, after):
            yield found[0], words.startswith("cure") and bool(HEDGE.search(clause))


def _is_honest(words: str, before: str, clause: str, after: str) -> bool:
    """Whether the sentence denies, reports or warns of it, or tells what was observed."""
    return bool(
        WARNED.search(before)
        or REPORTED.search(clause)
        or DENIAL.search(clause)
        or DENIED_AFTER.match(after)
        or ("effects" in words and (OBSERVED.search(clause) or OBSERVED_AFTER.match(after)))
    )


def _typed(text: str) -> str:
    """One way to write a hyphen, an apostrophe and a space; what cannot be seen is left out."""
    return unicodedata.normalize("NFC", text).translate(INVISIBLE).translate(TYPED)
