"""The promise as a small model in plain Python: who wrote what, who signed what they saw, what readers may get.

It knows nothing of Django, digests or ledgers. Texts are tokens; a signature is on the token that was on the screen.
"""

from dataclasses import dataclass, field

MEDICAL, PRESENTATION = "medical", "presentation"
PARTS = (MEDICAL, PRESENTATION)
NEEDED = {MEDICAL: ("editor", "medical"), PRESENTATION: ("editor",)}


@dataclass
class Signature:
    """`note`: what readers were going to be told of the change. `at` is a step of the model."""

    key: int
    part: str
    token: object
    role: str
    user: str
    scope: str
    note: str
    at: int
    is_void: bool = False


@dataclass
class Edition:
    """`tokens` by part; `emergency` until all signatures are there; `small`: an editor's signature was enough."""

    number: int
    tokens: dict[str, object]
    at: int
    emergency: bool = False
    small: bool = False


@dataclass
class Edit:
    part: str
    user: str
    at: int


@dataclass
class Model:
    """One article. `readers`: nothing, an edition, or withdrawn."""

    step: int = 0
    note: str = ""
    tokens: dict[str, object] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)
    withdrawn_at: int = 0
    notices: dict[object, str] = field(default_factory=dict)

    @property
    def edition(self) -> Edition | None:
        """What readers get."""
        latest = self.editions[-1] if self.editions else None
        return latest if latest and latest.at > self.withdrawn_at else None

    def tick(self) -> int:
        self.step += 1
        return self.step

    def write(self, part: str, user: str, token: object) -> None:
        self.tokens[part] = token
        self.edits.append(Edit(part, user, self.tick()))

    def sign(self, key: int, part: str, token: object, role: str, user: str, scope: str, note: str) -> None:
        self.signatures.append(Signature(key, part, token, role, user, scope, note, self.tick()))

    def publish(self, tokens: dict[str, object], *, emergency: bool = False, small: bool = False) -> None:
        number = len(self.editions) + 1
        self.editions.append(Edition(number, dict(tokens), self.tick(), emergency, small))

    def withdraw(self) -> None:
        self.withdrawn_at = self.tick()

    def void(self, key: int) -> None:
        for signature in self.signatures:
            signature.is_void |= signature.key == key

    def writers(self, part: str, token: object, until: int) -> set[str]:
        """Who had a hand in this text of the part: since the last complete edition with another one, until an edition
        had it. Who changed the draft afterwards wrote another text."""
        since = 0
        for edition in self.editions:
            if edition.at < until and edition.tokens[part] != token and self.is_complete(edition):
                since = edition.at
        with_it = (edition.at for edition in self.editions if edition.tokens[part] == token and edition.at > since)
        until = min([until, *with_it])
        return {edit.user for edit in self.edits if edit.part == part and since < edit.at < until}

    def is_complete(self, edition: Edition) -> bool:
        return all(not self.lacking(part, edition.tokens[part], is_small=edition.small) for part in PARTS)

    def lacking(self, part: str, token: object, *, is_small: bool = False) -> list[str]:
        """Roles without a signature that is not void, on exactly this token."""
        needed = ("editor",) if is_small else NEEDED[part]
        have = {row.role for row in self.signatures if (row.part, row.token) == (part, token) and not row.is_void}
        return [role for role in needed if role not in have]

    def violations(self, tokens: dict[str, object], status: str) -> list[str]:
        """What is wrong with readers getting these tokens with this review status."""
        edition, found = self.edition, []
        if edition is None:
            return ["readers get what was never published or was withdrawn"]
        for part in PARTS:
            if tokens[part] != edition.tokens[part]:
                found.append(f"{part}: another text than the one published")
            lacks = self.lacking(part, tokens[part], is_small=edition.small and part == MEDICAL)
            if edition.emergency or status != "current":
                lacks = [] if self._has_any(part, tokens[part]) else lacks
            if lacks:
                found.append(f"{part}: no signature of {', '.join(lacks)} on this text")
            found += self._own_work(part, tokens[part])
        clinicians = [row for row in self.signatures if row.role == "medical" and row.token == tokens[MEDICAL]]
        if edition.emergency and not clinicians:
            found.append("an emergency without a clinician")
        return found

    def _has_any(self, part: str, token: object) -> bool:
        """In an emergency, or when a signature was voided, one that was given must be there all the same."""
        return any((row.part, row.token) == (part, token) for row in self.signatures)

    def _own_work(self, part: str, token: object) -> list[str]:
        return [
            f"{part}: {row.user} vouched for what they had written"
            for row in self.signatures
            if (row.part, row.token) == (part, token) and row.user in self.writers(part, token, row.at)
        ]
