"""The `data` of each kind of event. An event carries everything that its act showed to readers.

So the published state can be computed from the append-only part alone (articles.record.delivery.project). Only the
words of a safety notice are not in the event: they are a signed document, which the event names by its digest, so that
they can be erased lawfully.
"""

from typing import Any, NotRequired, TypedDict

from articles.record.vocabulary import EventKind

Json = dict[str, Any]


class Topic(TypedDict):
    slug: str
    name: str


class Filing(TypedDict):
    """The address and topics of an article."""

    slug: str
    locale: str
    translation_key: str
    topics: list[Topic]


class Picture(TypedDict):
    """A published image file: `image` is the digest of the signed original, `sha256` that of the file at `path`."""

    image: str
    path: str
    width: int
    height: int
    type: str
    sha256: str


class ShownComponent(TypedDict):
    id: str
    kind: str
    edition: int
    digest: str


class Imported(TypedDict):
    """`address` and `key`: of the article in the system that it comes from, "" if the file names none. `sha256`: of
    the original bytes."""

    address: str
    key: str
    sha256: str


class Submitted(TypedDict):
    digests: dict[str, str]


class Signed(TypedDict):
    """`policies`: those that required it, and keep applying to the text. `row` seals the sign-off (events.seal).
    `returns`: it brings an unchanged article back, and counts for nothing else. `method`: passkey or password."""

    part: str
    digest: str
    role: str
    scope: str
    policies: NotRequired[list[str]]
    returns: NotRequired[bool]
    method: NotRequired[str]
    row: str


class Voided(TypedDict):
    """`together`: the id of an act on sign-offs of `of` texts."""

    signoff: int
    reason: str
    part: str
    name: str
    together: NotRequired[str]
    of: NotRequired[int]


class Scheduled(TypedDict):
    schedule: int
    action: str
    digests: dict[str, str]
    instant: str
    zone: str
    cancelled: NotRequired[bool]
    reason: NotRequired[str]
    explanation: NotRequired[str]
    replacement: NotRequired[str | None]


class Published(TypedDict):
    """`filing` and `renditions` are an article's; `emergency`: {reason}. `row` seals the edition's columns."""

    edition: int
    digests: dict[str, str]
    filing: NotRequired[Filing]
    renditions: NotRequired[list[Picture]]
    emergency: NotRequired[Json]
    row: NotRequired[str]


class Reaffirmed(TypedDict):
    """`review` is an article's: how long the review lasts from now on, and what happens then."""

    edition: int
    digests: dict[str, str]
    signoffs: list[int]
    completes: bool
    review: NotRequired[Json]


class Refiled(TypedDict):
    """`filing` if an editor changed it; `components` and `withheld` if the article was only recomposed."""

    edition: int
    filing: NotRequired[Filing]
    components: NotRequired[list[ShownComponent]]
    withheld: NotRequired[bool]


class Withdrawal(TypedDict):
    """What readers see in place of the article. `replacement`: an article's id."""

    reason: str
    explanation: str
    replacement: str | None
    withdrawn_at: str
    temporary: bool


class Withdrawn(Withdrawal):
    """`together`: the id of an act on `of` articles. `digest` and `signoff`: those of a signed explanation."""

    digest: NotRequired[str]
    signoff: NotRequired[int]
    together: NotRequired[str]
    of: NotRequired[int]


class Returned(TypedDict):
    edition: int
    digests: dict[str, str]
    signoffs: list[int]


class ComponentWithdrawn(TypedDict):
    edition: int
    reason: str
    explanation: str


class Noticed(TypedDict):
    """`beside` and `since`: the translation that had the notice already, and since when. `confirm_until`: when a notice
    on `of` articles is removed unless a second person confirms it."""

    notice: str
    digest: str
    signoff: int
    of: NotRequired[int]
    confirm_until: NotRequired[str]
    beside: NotRequired[str]
    since: NotRequired[str]


class NoticeConfirmed(TypedDict):
    notice: str


class NoticeLifted(TypedDict):
    notice: str
    reason: str


class SourceStatusChanged(TypedDict):
    """`notice`: the DOI or PMID of what says so, of a superseded source that of the newer version. `said_by`: the
    service that said it; absent if a person did."""

    status: str
    was: str
    title: str
    notice: NotRequired[str]
    said_by: NotRequired[str]


class SourceDecided(TypedDict):
    """What follows for all articles that cite a source from its latest status; see SourceDecision."""

    decision: str
    reason: str
    status: str
    title: str


class HandedOver(TypedDict):
    """What one person took over from a login that was deactivated. `to`: {user, name}, empty if nobody in particular.

    `signatures`: [{subject, role}]; ids of schedules and articles.
    """

    to: Json
    signatures: list[Json]
    schedules: list[int]
    articles: list[str]


class Changed(TypedDict):
    """A policy, a person or a login; `before` and `after` hold the values that differ. `login`: the key of the changed
    login; `logins`: those that the person had; `handed_over`: the open work of a login that was deactivated."""

    name: str
    before: Json | None
    after: Json | None
    login: NotRequired[int]
    logins: NotRequired[list[int]]
    handed_over: NotRequired[list[HandedOver]]


class KeyEnrolled(TypedDict):
    """A passkey that a lead confirmed: `key` is its credential's id, `spki` DER in base64url, `alg` a number of COSE,
    `check` how the lead checked the person. `superuser`: why no lead confirmed it."""

    name: str
    user: int
    key: str
    spki: str
    alg: int
    check: str
    synced: bool
    superuser: NotRequired[str]


class KeyIssued(TypedDict):
    """`holder`: person or delivery; `card`: a compact JWS by the organisation's key."""

    key: str
    holder: str
    spki: str
    card: str
    name: str


class KeyRevoked(TypedDict):
    """A key that signs no more; what it signed from `since` on does not count. `key`: as the line before named it;
    `user`, `alg`: of a passkey. The `reason` is what a lead wrote, or the code that an operator chose."""

    name: str
    key: str
    spki: str
    reason: str
    since: str
    user: NotRequired[int]
    alg: NotRequired[int]


class KeyRotated(TypedDict):
    """The organisation's key from now on. `before`: the id of the one until now, "" for the first; `card`: a compact
    JWS by that one over the new key, "" for the first and where the old key was lost."""

    key: str
    spki: str
    before: str
    card: str


class Refused(TypedDict):
    code: str
    detail: str
    schedule: NotRequired[int]


class Erased(TypedDict):
    digest: str
    kind: str
    format: int
    reason: str


DATA: dict[str, Any] = {
    EventKind.IMPORTED.value: Imported,
    EventKind.SUBMITTED.value: Submitted,
    EventKind.SIGNED.value: Signed,
    EventKind.VOIDED.value: Voided,
    EventKind.SCHEDULED.value: Scheduled,
    EventKind.PUBLISHED.value: Published,
    EventKind.REAFFIRMED.value: Reaffirmed,
    EventKind.REFILED.value: Refiled,
    EventKind.WITHDRAWN.value: Withdrawn,
    EventKind.RETURNED.value: Returned,
    EventKind.COMPONENT_WITHDRAWN.value: ComponentWithdrawn,
    EventKind.NOTICED.value: Noticed,
    EventKind.NOTICE_CONFIRMED.value: NoticeConfirmed,
    EventKind.NOTICE_LIFTED.value: NoticeLifted,
    EventKind.SOURCE_STATUS.value: SourceStatusChanged,
    EventKind.SOURCE_DECIDED.value: SourceDecided,
    EventKind.POLICY_CHANGED.value: Changed,
    EventKind.PERSON_CHANGED.value: Changed,
    EventKind.KEY_ENROLLED.value: KeyEnrolled,
    EventKind.KEY_ISSUED.value: KeyIssued,
    EventKind.KEY_REVOKED.value: KeyRevoked,
    EventKind.KEY_ROTATED.value: KeyRotated,
    EventKind.REFUSED.value: Refused,
    EventKind.ERASED.value: Erased,
}
