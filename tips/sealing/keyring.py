"""The keyring: who tips are sealed to, signed by two of three who are not the server."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

from . import age, likeness, signers, trust
from .age.header import SealedSource, read_header
from .trust import NOTHING_BEFORE, PublicKey, Signature, TrustError

EntryKind: TypeAlias = Literal["handler", "vault"]

KEYRING_FORMAT = "sapo-keyring/3"
# Fewer than the header of a sealed file has room for.
MOST_ENTRIES = 40
LONGEST_LIFE = timedelta(days=200)
# How long the form goes on after the last day: a channel that falls silent at midnight is the greater harm.
GRACE = timedelta(days=14)
WARNED_OF = (60, 30, 14, 7)  # days before the last day; in the last week, and after it, every day
_MOST_INTAKES = 4
MOST_PASSKEYS = 4
_CREDENTIAL_SIZES, _COSE_SIZES = range(16, 1024), range(32, 513)


class KeyringError(TrustError):
    """A keyring that tips must not be sealed to, or a change that would make it one.

    `code` says why to programs, among them missing, unsigned, other, older, expired and demo;
    for a change, exists and unknown.
    """


@dataclass(frozen=True)
class Passkey:
    """What a handler shows beside the key file to come in: its id, and its public key as COSE."""

    credential: bytes
    key: bytes


@dataclass(frozen=True)
class KeyringEntry:
    """One who tips are sealed to: a handler, who also signs, or a vault, which only opens.

    `follows` is the id that somebody had before the key was lost, or is empty.
    """

    id: str
    name: str
    recipient: age.Recipient
    since: date
    key: PublicKey | None
    passkeys: tuple[Passkey, ...] = ()
    follows: str = ""

    @property
    def kind(self) -> EntryKind:
        return "handler" if self.key else "vault"


@dataclass(frozen=True)
class Former:
    """One who has left, and the last keyring under which a signature of theirs counts."""

    id: str
    name: str
    key: PublicKey | None
    until: int


@dataclass(frozen=True)
class IntakeKey:
    """What the intake signs arrivals with."""

    key: PublicKey
    since: date


@dataclass(frozen=True)
class Keyring:
    serial: int
    made_on: date
    not_after: date
    entries: tuple[KeyringEntry, ...]
    former: tuple[Former, ...]
    intake: tuple[IntakeKey, ...]
    previous: str
    signers: str
    is_demo: bool = False
    # What it was read from: that may hold members that are passed over, and is what is signed.
    file: bytes = field(default=b"", compare=False, repr=False)

    def __post_init__(self) -> None:
        entries, former = self.entries, self.former
        _unless(1 <= len(entries) <= MOST_ENTRIES, "it has no entry, or more than 40")
        _unless(1 <= len(self.intake) <= _MOST_INTAKES, "no key of an intake, or too many")
        # The first after a new root takes the number after the last of the root before.
        _unless(self.serial > 1 or self.previous == NOTHING_BEFORE, "serial and previous")
        _unless(self.serial >= 1, "the serial number")
        _unless(self.made_on <= self.not_after <= self.made_on + LONGEST_LIFE, "its last day")
        _in_order([entry.id for entry in entries])
        _in_order([gone.id for gone in former])
        _in_order([each.key.id for each in self.intake])
        ids = [entry.id for entry in entries] + [gone.id for gone in former]
        _unless(len(set(ids)) == len(ids), "an id has belonged to somebody else")
        _unless(all(map(likeness.is_id, ids)), "an id")
        _check_likeness(entries, former)
        _unless(len(set(self.recipients)) == len(entries), "a recipient is there twice")
        _unless(all(1 <= gone.until < self.serial for gone in former), "when somebody left")
        holders: list[KeyringEntry | Former | IntakeKey] = [*entries, *former, *self.intake]
        keys = [each.key.id for each in holders if each.key]
        _unless(len(set(keys)) == len(keys), "a signing key is there twice")
        credentials = [each.credential for entry in entries for each in entry.passkeys]
        _unless(len(set(credentials)) == len(credentials), "a passkey is there twice")

    @property
    def recipients(self) -> list[age.Recipient]:
        return [entry.recipient for entry in self.entries]

    @property
    def octets(self) -> bytes:
        return self.file or trust.spell(_content(self))

    @property
    def hash(self) -> str:
        return trust.sha256_of(self.octets)

    @property
    def says_more(self) -> bool:
        """Whether it holds members that are passed over here, and signed with the rest."""
        return self.octets != trust.spell(_content(self))


def _check_likeness(entries: Sequence[KeyringEntry], former: Sequence[Former]) -> None:
    gone = {each.id for each in former}
    followed = [entry.follows for entry in entries if entry.follows]
    _unless(len(set(followed)) == len(followed) and gone >= set(followed), "whom one follows")
    _unless(lookalikes(entries, former) is None, "two are called alike")


def lookalikes(
    entries: Sequence[KeyringEntry], former: Sequence[Former]
) -> "tuple[KeyringEntry, KeyringEntry | Former] | None":
    """One who is called, by sight, what another is or was called; whoever follows that one may be."""
    gone = {each.id: each for each in former}
    for at, entry in enumerate(entries):
        before = _looks(gone[entry.follows]) if entry.follows in gone else set()
        strangers = [each for each in former if before.isdisjoint(_looks(each))]
        others: list[KeyringEntry | Former] = [*entries[:at], *strangers]
        for other in others:
            if not _looks(entry).isdisjoint(_looks(other)):
                return entry, other
    return None


def _looks(each: "KeyringEntry | Former") -> set[str]:
    return {*likeness.looks_of(each.name), *likeness.looks_of(each.id)}


def is_sealed_to(ring: Keyring, source: SealedSource) -> bool:
    """Whether the header at the source has one stanza for each entry, of the kind of today.

    Only a key can tell who opens it; the server has none.
    """
    try:
        header = read_header(source)
    except age.AgeError:
        return False
    return [stanza.kind for stanza in header.stanzas] == [age.STANZA_KIND] * len(ring.entries)


# The file


def parse_keyring(octets: bytes) -> Keyring:
    """The keyring in the file's octets, whoever has signed it."""
    try:
        return replace(_parse(trust.read(octets)), file=octets)
    except KeyringError:
        raise
    except TrustError as fault:
        raise KeyringError("format", f"the keyring is malformed: {fault}") from fault


def entry_in(row: object) -> KeyringEntry:
    """An entry, as it stands in a keyring or in what asks to be taken into one."""
    named = dict.fromkeys(("id", "kind", "name", "recipient", "since"), str)
    maybe = {"ed25519": str, "follows": str, "mldsa65": str, "passkeys": list}
    read = trust.members(row, named, maybe)
    _unless(read["kind"] in ("handler", "vault"), "a kind of entry that is not known")
    key = _key_in(read)
    _unless((read["kind"] == "handler") == (key is not None), "a handler signs, a vault does not")
    _unless((key is not None) == ("passkeys" in read), "a handler has passkeys, a vault does not")
    _unless("follows" not in read or bool(key and read["follows"]), "whom one follows")
    try:
        recipient = age.parse_recipient(read["recipient"])
    except age.BadKey as fault:
        raise KeyringError("recipient", f"not a recipient: {fault}") from fault
    return KeyringEntry(
        read["id"],
        _name_in(read["name"]),
        recipient,
        signers.day(read["since"]),
        key,
        _passkeys_in(read.get("passkeys", [])),
        read.get("follows", ""),
    )


def entry_row(entry: KeyringEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "name": entry.name,
        "recipient": str(entry.recipient),
        "since": entry.since.isoformat(),
        **({"follows": entry.follows} if entry.follows else {}),
        **({**entry.key.as_members(), "passkeys": _passkey_rows(entry)} if entry.key else {}),
    }


def _passkey_rows(entry: KeyringEntry) -> list[dict[str, str]]:
    pairs = ((trust.to_text(each.credential), trust.to_text(each.key)) for each in entry.passkeys)
    return [{"credential": credential, "key": key} for credential, key in sorted(pairs)]


def _passkeys_in(rows: Sequence[object]) -> tuple[Passkey, ...]:
    found = [trust.members(row, {"credential": str, "key": str}, {}) for row in rows]
    _unless(len(found) <= MOST_PASSKEYS, "too many passkeys")
    _in_order([row["credential"] for row in found])
    return tuple(
        Passkey(
            trust.octets_in(row["credential"], _CREDENTIAL_SIZES),
            trust.octets_in(row["key"], _COSE_SIZES),
        )
        for row in found
    )


def intake_in(row: object) -> IntakeKey:
    """A key of the intake, as it stands in a keyring or in what asks to be taken into one."""
    read = trust.members(row, dict.fromkeys(("ed25519", "key", "mldsa65", "since"), str), {})
    key = PublicKey.of(read)
    _unless(read["key"] == key.id, "the id of an intake is not that of its key")
    return IntakeKey(key, signers.day(read["since"]))


def intake_row(each: IntakeKey) -> dict[str, str]:
    return {"key": each.key.id, "since": each.since.isoformat(), **each.key.as_members()}


def _parse(content: dict[str, object]) -> Keyring:
    texts = ("format", "made_on", "not_after", "previous", "signers")
    lists = dict.fromkeys(("entries", "former", "intake"), list)
    named = {**lists, **dict.fromkeys(texts, str), "serial": int}
    read = trust.members(content, named, {"demo": bool})
    _unless(read["format"] == KEYRING_FORMAT, f"it is not of the format {KEYRING_FORMAT}")
    # One way to say that a keyring is nobody's toy: to say nothing.
    _unless(read.get("demo", True), "demo")
    return Keyring(
        read["serial"],
        signers.day(read["made_on"]),
        signers.day(read["not_after"]),
        tuple(entry_in(row) for row in read["entries"]),
        tuple(_former(row) for row in read["former"]),
        tuple(intake_in(row) for row in read["intake"]),
        trust.hash_in(read["previous"]),
        trust.hash_in(read["signers"]),
        "demo" in read,
    )


def _content(ring: Keyring) -> dict[str, object]:
    content: dict[str, object] = {
        "entries": [entry_row(entry) for entry in ring.entries],
        "format": KEYRING_FORMAT,
        "former": [
            {
                "id": gone.id,
                "name": gone.name,
                "until": gone.until,
                **(gone.key.as_members() if gone.key else {}),
            }
            for gone in ring.former
        ],
        "intake": [intake_row(each) for each in ring.intake],
        "made_on": ring.made_on.isoformat(),
        "not_after": ring.not_after.isoformat(),
        "previous": ring.previous,
        "serial": ring.serial,
        "signers": ring.signers,
    }
    return {**content, "demo": True} if ring.is_demo else content


def _former(row: object) -> Former:
    read = trust.members(
        row, {"id": str, "name": str, "until": int}, {"ed25519": str, "mldsa65": str}
    )
    return Former(read["id"], _name_in(read["name"]), _key_in(read), read["until"])


def _name_in(text: str) -> str:
    _unless(likeness.is_name(text), "a name")
    return text


def _key_in(read: dict[str, str]) -> PublicKey | None:
    _unless(("ed25519" in read) == ("mldsa65" in read), "half a key")
    return PublicKey.of(read) if "ed25519" in read else None


def _in_order(ids: Sequence[str]) -> None:
    _unless(list(ids) == sorted(set(ids)), "entries are not in order, or one is there twice")


def _unless(is_so: bool, what: str) -> None:
    if not is_so:
        raise KeyringError("format", f"the keyring is malformed: {what}")


# Signing


def keyring_signatures(
    file: bytes, ring: Keyring, by: signers.Signers, threshold: int = 2
) -> dict[str, Signature]:
    """The signatures of the keyring, by as many of its signers as asked."""
    if ring.signers != by.hash:
        raise KeyringError("signers", "the keyring names other signers")
    try:
        return trust.read_signatures(file, "keyring", ring.octets, by.keys, threshold)
    except TrustError as fault:
        raise KeyringError("unsigned", f"the keyring is not signed: {fault}") from fault


def in_key_order(intake: Iterable[IntakeKey]) -> tuple[IntakeKey, ...]:
    return tuple(sorted(intake, key=lambda each: each.key.id))


def check_day(ring: Keyring, today: date) -> None:
    """That the keyring is not from a day to come, nor out of date by more than a fortnight."""
    if ring.made_on > today + timedelta(days=1):
        raise KeyringError("early", "the keyring was made on a day to come")
    if today > ring.not_after + GRACE:
        raise KeyringError("expired", f"the keyring was good until {ring.not_after}")


def is_over(ring: Keyring, today: date) -> bool:
    """Whether its last day has gone: it still takes tips for a fortnight, and all who see to it are told."""
    return today > ring.not_after


def warning_due(ring: Keyring, today: date) -> int | None:
    """How many days are left, when so few that it is time to make the next; else None."""
    left = (ring.not_after - today).days
    return left if left <= max(WARNED_OF) else None


def is_told_of(ring: Keyring, today: date) -> bool:
    """Whether those who handle tips are to be told today that the keyring goes out of date."""
    return (ring.not_after - today).days in WARNED_OF or is_urgent(ring, today)


def is_urgent(ring: Keyring, today: date) -> bool:
    """Whether its last week has come, or gone."""
    return (ring.not_after - today).days < min(WARNED_OF)
