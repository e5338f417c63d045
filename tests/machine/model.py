"""The promise as a small model in plain Python: who wrote what, who signed what they saw, what readers may get.

It knows nothing of Django, digests or ledgers. Texts are tokens; a signature is on the token that was on the screen.
"""

from dataclasses import dataclass, field, replace

MEDICAL, PRESENTATION = "medical", "presentation"
PARTS = (MEDICAL, PRESENTATION)
NEEDED = {MEDICAL: ("editor", "medical"), PRESENTATION: ("editor",)}


@dataclass
class Signature:
    """`note`: what readers were going to be told of the change. `at` and `voided_at` are steps of the model."""

    key: int
    part: str
    token: object
    role: str
    user: str
    scope: str
    note: str
    at: int
    voided_at: int = 0

    @property
    def is_void(self) -> bool:
        return bool(self.voided_at)

    def as_of(self, step: int | None) -> "Signature":
        """As it was then: not yet voided, where that came later."""
        return replace(self, voided_at=0) if step is not None and self.voided_at > step else self


@dataclass
class Edition:
    """`tokens` by part; `floors`: the step after which a signature on the part counts for it.

    `hurried`: by a clinician on call, who needs no other signature. `editorial`: its medical part came as an editorial
    change, which no editor has to sign.
    """

    number: int
    tokens: dict[str, object]
    at: int
    floors: dict[str, int]
    hurried: bool = False
    editorial: bool = False


@dataclass
class Edit:
    part: str
    user: str
    at: int


@dataclass
class Model:
    """One article. `wording_only`: the author proposes that there is nothing to tell readers of the change."""

    step: int = 0
    note: str = ""
    wording_only: bool = False
    tokens: dict[str, object] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)
    withdrawn_at: int = 0
    returned_at: int = 0
    notices: dict[object, str] = field(default_factory=dict)

    @property
    def edition(self) -> Edition | None:
        """What readers get."""
        latest = self.editions[-1] if self.editions else None
        return latest if latest and max(latest.at, self.returned_at) > self.withdrawn_at else None

    def tick(self) -> int:
        self.step += 1
        return self.step

    def write(self, part: str, user: str, token: object) -> None:
        self.tokens[part] = token
        self.edits.append(Edit(part, user, self.tick()))

    def sign(self, key: int, part: str, token: object, role: str, user: str, scope: str, note: str) -> None:
        self.signatures.append(Signature(key, part, token, role, user, scope, note, self.tick()))

    def publish(self, tokens: dict[str, object], *, hurried: bool = False) -> None:
        last = self.edition
        since = max(self.withdrawn_at, self.editions[-1].at if self.editions else 0)
        floors = {part: last.floors[part] if last and last.tokens[part] == tokens[part] else since for part in PARTS}
        number, editorial = len(self.editions) + 1, self.is_editorial(tokens)
        self.editions.append(Edition(number, dict(tokens), self.tick(), floors, hurried, editorial))

    def is_editorial(self, tokens: dict[str, object]) -> bool:
        """Whether no editor has to sign this medical part: it edits what is complete, or came as such an edit."""
        last = self.edition
        if last is None or last.tokens[MEDICAL] == tokens[MEDICAL]:
            return bool(last and last.editorial)
        return self.wording_only and self.is_complete(last)

    def withdraw(self) -> None:
        self.withdrawn_at = self.tick()

    def bring_back(self, key: int, user: str) -> None:
        """The latest edition is there again, unchanged. Nobody signed the text itself."""
        self.returned_at = self.tick()
        self.signatures.append(Signature(key, MEDICAL, None, "return", user, "changes", "", self.step))

    def may_come_back(self, tokens: dict[str, object]) -> bool:
        """Whether the latest edition is withdrawn, complete, and still the draft."""
        last = self.editions[-1] if self.editions else None
        return bool(last and not self.edition and last.tokens == tokens and self.is_complete(last))

    def void(self, key: int) -> None:
        step = self.tick()
        for signature in self.signatures:
            if signature.key == key:
                signature.voided_at = step

    def writers(self, part: str, token: object, until: int) -> set[str]:
        """Who had a hand in this text of the part: since the last complete edition with another one, until an edition
        had it. Who changed the draft afterwards wrote another text. Four eyes are judged when somebody signs: a
        signature of an earlier edition that is voided later does not make writers of those who signed since."""
        since, signed_at = 0, until
        for edition in self.editions:
            if edition.at < until and edition.tokens[part] != token and self.is_complete(edition, as_of=signed_at):
                since = edition.at
        with_it = (edition.at for edition in self.editions if edition.tokens[part] == token and edition.at > since)
        until = min([until, *with_it])
        return {edit.user for edit in self.edits if edit.part == part and since < edit.at < until}

    def is_complete(self, edition: Edition, *, as_of: int | None = None) -> bool:
        return not any(self.lacking(edition, part, as_of=as_of) for part in PARTS)

    def lacking(self, edition: Edition, part: str, *, as_of: int | None = None) -> list[str]:
        """Roles without a signature that counts and is not void."""
        waived = "editor" if edition.editorial and part == MEDICAL else ""
        return [role for role in NEEDED[part] if role != waived and not self.signed(edition, part, role, as_of=as_of)]

    def signed(
        self, edition: Edition, part: str, role: str, *, is_void: bool = False, as_of: int | None = None
    ) -> bool:
        """Whether somebody signed exactly this text, after the text before it went."""
        return any(
            (row.part, row.token, row.role) == (part, edition.tokens[part], role)
            and row.at > edition.floors[part]
            and (row.is_void or self.is_hollow(row, as_of)) is is_void
            for row in (each.as_of(as_of) for each in self.signatures)
        )

    def is_hollow(self, row: Signature, as_of: int | None) -> bool:
        """Whether it is on the changes of an edition that has no signature of this role any more."""
        if row.scope != "changes":
            return False
        before = [edition for edition in self.editions if edition.at < row.at]
        return not before or not self.signed(before[-1], row.part, row.role, as_of=as_of)

    def violations(self, tokens: dict[str, object], status: str) -> list[str]:
        """What is wrong with readers getting these tokens with this review status."""
        edition, found = self.edition, []
        if edition is None:
            return ["readers get what was never published or was withdrawn"]
        for part in PARTS:
            if tokens[part] != edition.tokens[part]:
                found.append(f"{part}: another text than the one published")
            if lacks := self._unexcused(edition, part, status):
                found.append(f"{part}: no signature of {', '.join(lacks)} on this text")
            found += self._own_work(part, tokens[part])
        if status == "emergency":
            found += [] if edition.hurried else ["an emergency that nobody declared"]
            found += [] if self.signed(edition, MEDICAL, "medical") else ["an emergency without a clinician"]
        return found

    def _unexcused(self, edition: Edition, part: str, status: str) -> list[str]:
        """Roles without a signature on the part, where neither an emergency nor a voided signature says why.

        An emergency has a clinician's in their place. What rested on a voided one is never called current.
        """
        lacks = self.lacking(edition, part)
        if status == "emergency" and any(self.signed(edition, part, "medical", is_void=void) for void in (False, True)):
            return []
        void = [role for role in lacks if self.signed(edition, part, role, is_void=True)]
        return [role for role in lacks if status == "current" or role not in void]

    def _own_work(self, part: str, token: object) -> list[str]:
        return [
            f"{part}: {row.user} vouched for what they had written"
            for row in self.signatures
            if (row.part, row.token) == (part, token) and row.user in self.writers(part, token, row.at)
        ]
