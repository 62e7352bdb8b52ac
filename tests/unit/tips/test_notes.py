"""Notes of handlers: what proves who wrote them, where, and after which others."""

import base64
import json
from dataclasses import dataclass, field, replace
from typing import Any

from tests.rings import entry, handler_key, ring_for
from tests.signed_notes import SignedNote, plain_of, read_note, sealable_note, signed_note
from tips.sealing import age, trust
from tips.sealing.keyring import Former, Keyring
from tips.sealing.trust import NOTHING_BEFORE, Signature

from .test_opener_parts import in_node
from .test_opener_trust import VECTORS

TIP = "3d5a6ac2-21f4-4cb7-9d59-7f1f2ac0a001"
OTHER_TIP = "3d5a6ac2-21f4-4cb7-9d59-7f1f2ac0a002"
IDS = [f"3d5a6ac2-21f4-4cb7-9d59-7f1f2ac0b{number:03}" for number in range(1, 10)]
ANNA, BO, GONE, DAN = (handler_key(number) for number in (1, 2, 3, 4))
IDENTITY = age.generate_identity()
OTHER = age.generate_identity().recipient
READ = """
const { readNote } = await import("./tip/signed_note.js");
const plain = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
"""


def _ring() -> Keyring:
    ring = ring_for([IDENTITY.recipient])
    entries = (
        entry("anna-ek", "Anna Ek", age.generate_identity().recipient, 1),
        entry("bo-alm", "Bo Alm", age.generate_identity().recipient, 2),
        entry("dan-2", "Dan", age.generate_identity().recipient, 4),
    )
    gone = Former("cilla", "Cilla Bo", GONE.public, until=2)
    return replace(ring, serial=3, previous="1" * 64, entries=entries, former=(gone,))


RING = _ring()


def _note(place: int, after: SignedNote | None = None, **said: Any) -> SignedNote:
    said = {"author": "anna-ek", "id": IDS[place - 1], "place": place, "keyring": 3, **said}
    previous = after.hash if after else NOTHING_BEFORE
    key = said.pop("key", ANNA)
    return signed_note(said.pop("tip", TIP), f"Nummer {place}", key, previous=previous, **said)


ONE = _note(1)
TWO = _note(2, ONE, author="bo-alm", key=BO)
THREE = _note(3, TWO)
FOUR = _note(4, THREE)
JUNK = replace(_note(2, ONE), signature=Signature(bytes(64), bytes(3309)))


@dataclass
class GivenNote:
    """A note as it was handed out, and who the server says wrote it."""

    id: str
    note: Any
    account: str | None = None


@dataclass
class Case:
    """Notes as they were handed out, and what each is: a name where it is proved, else why not."""

    notes: list[Any]
    judged: list[str]
    arrival: str = ""
    ring: Keyring | None = field(default=RING)

    @property
    def given(self) -> list[GivenNote]:
        return [
            each if isinstance(each, GivenNote) else GivenNote(_id_of(each, at), each)
            for at, each in enumerate(self.notes)
        ]


def _id_of(note: Any, at: int) -> str:
    return note.said["id"] if isinstance(note, SignedNote) else IDS[at]


def _by(note: Any, account: str) -> GivenNote:
    return GivenNote(_id_of(note, 0), note, account)


CASES = {
    "whole": Case([ONE, TWO, THREE, FOUR], ["Anna Ek", "Bo Alm", "Anna Ek", "Anna Ek"]),
    "the server names the same": Case([_by(ONE, "anna-ek")], ["Anna Ek"]),
    "the server names another": Case([_by(ONE, "bo-alm"), TWO], ["author", "Bo Alm"]),
    "the account is spelled with a dot": Case([_by(ONE, "anna.ek")], ["author"]),
    "another's entry with a number": Case(
        [_by(_note(1, author="dan-2", key=DAN), "dan")], ["author"]
    ),
    "no signature": Case([ONE, JUNK], ["Anna Ek", "key"]),
    "in another's name": Case([_note(1, author="bo-alm")], ["key"]),
    "one half of it": Case(
        [replace(ONE, signature=replace(ONE.signature, mldsa65=bytes(3309)))], ["key"]
    ),
    "halves of two": Case(
        [replace(ONE, signature=replace(ONE.signature, ed25519=TWO.signature.ed25519))], ["key"]
    ),
    "a stranger": Case([_note(1, author="dan")], ["key"]),
    "of another tip": Case([_note(1, tip=OTHER_TIP), ONE], ["tip", "Anna Ek"]),
    "under another number": Case([GivenNote(IDS[6], ONE)], ["copy"]),
    "twice": Case([ONE, ONE, TWO], ["Anna Ek", "order", "Bo Alm"]),
    "at another place": Case([TWO, ONE], ["missing 1 1", "order"]),
    "one gone in the middle": Case([ONE, THREE, FOUR], ["Anna Ek", "missing 1 2", "Anna Ek"]),
    "two gone": Case([ONE, FOUR], ["Anna Ek", "missing 2 2"]),
    "the first gone": Case([TWO], ["missing 1 1"]),
    "another in its place": Case([ONE, JUNK, THREE], ["Anna Ek", "key", "link"]),
    "another added": Case([ONE, JUNK, TWO], ["Anna Ek", "key", "Bo Alm"]),
    "one between that was seen": Case([ONE, JUNK, _note(3, ONE)], ["Anna Ek", "key", "Anna Ek"]),
    "and is gone": Case([ONE, _note(3, ONE)], ["Anna Ek", "missing 1 2"]),
    "after another": Case([ONE, _note(2, THREE)], ["Anna Ek", "link"]),
    "one closed between": Case([ONE, "closed", THREE], ["Anna Ek", "closed", "Anna Ek"]),
    "one damaged between": Case([ONE, "damaged", THREE], ["Anna Ek", "damaged", "link"]),
    "the one before gone": Case([_note(2)], ["missing 1 1"]),
    "on other content": Case([_note(1, arrival="1" * 64)], ["content"], arrival="2" * 64),
    "on this content": Case([_note(1, arrival="2" * 64)], ["Anna Ek"], arrival="2" * 64),
    "one who had not left": Case([_note(1, author="cilla", key=GONE, keyring=2)], ["Cilla Bo"]),
    "one who had left": Case([_note(1, author="cilla", key=GONE, keyring=3)], ["late"]),
    "under a keyring to come": Case([_note(1, keyring=9)], ["Anna Ek"]),
    "no keyring": Case([ONE], ["ring"], ring=None),
}


def _said(standing: str, name: str, faults: Any, missing: Any) -> str:
    if standing == "whole":
        return name
    if standing == "false":
        return ", ".join(faults) + (" {} {}".format(*missing) if missing[0] else "")
    return standing


def test_notes_prove_who_wrote_them_where_and_after_which_others():
    answer = in_node(
        READ + 'const { judged } = await import("./tip/note_chain.js");'
        'const { parseKeyring } = await import("./trust/keyring.js");'
        "const ring = parseKeyring(plain(given.ring)); const found = {};"
        "for (const [name, { notes, arrival, hasRing }] of Object.entries(given.cases)) {"
        " const opened = notes.map(({ sealed, word, ...note }) =>"
        "  ({ ...note, note: word || readNote(plain(sealed)) }));"
        " found[name] = await judged(opened, { tip: given.tip, ring: hasRing ? ring : null, arrival });"
        "} return found;",
        tip=TIP, ring=RING.octets.hex(),
        cases={
            name: {
                "arrival": case.arrival,
                "hasRing": case.ring is not None,
                "notes": [_for_node(each) for each in case.given],
            }
            for name, case in CASES.items()
        },
    )  # fmt: skip

    said = {
        name: [
            _said(one["standing"], one.get("name", ""), one.get("faults"), one.get("missing", [0]))
            for one in each["found"]
        ]
        for name, each in answer.items()
    }
    assert said == {name: case.judged for name, case in CASES.items()}
    assert answer["whole"]["next"] == {"place": 5, "previous": FOUR.hash, "isUnknown": False}
    assert answer["no signature"]["next"] == {"place": 3, "previous": ONE.hash, "isUnknown": False}
    assert answer["whole"]["heard"] is None
    assert answer["under a keyring to come"]["heard"] == {"serial": 9, "name": "Anna Ek"}


def _for_node(given: GivenNote) -> dict[str, Any]:
    row: dict[str, Any] = {"id": given.id, "account": given.account}
    if isinstance(given.note, SignedNote):
        return {**row, "sealed": plain_of(given.note).hex()}
    return {**row, "word": given.note}


# Their form

WHOLE = plain_of(ONE)
OUTSIDE = json.loads(WHOLE)
INSIDE = json.loads(OUTSIDE["note"])


def _changed(**said: Any) -> bytes:
    return trust.spell({**OUTSIDE, "note": trust.spell({**INSIDE, **said}).decode()})


BAD = [
    b"", b'{"text":"x","author":"anna","written":"2026-11-26T14:05"}\n', b"inte JSON", b"[]", b"null", b"{}", b'{"text": 1}', b'{"text": "x", "author": 1}',
    b'{"format":"sapo-note/1","text":"x"}\n', b'{"format":"sapo-note/3","text":"x"}\n', b'{"text":"\xff"}',
    WHOLE.rstrip(b"\n"), b" " + WHOLE, WHOLE.replace(b'","format', b'", "format'), WHOLE + b"\n",
    trust.spell({**OUTSIDE, "more": "x"}), trust.spell({**OUTSIDE, "ed25519": "AAAA"}),
    trust.spell({**OUTSIDE, "note": OUTSIDE["note"].rstrip("\n")}),
    trust.spell({**OUTSIDE, "note": OUTSIDE["note"].replace('":', '": ')}),
    _changed(author="Anna Ek"), _changed(author=""), _changed(id="x"), _changed(tip=f"{TIP}\n"),
    _changed(place=0), _changed(keyring=0), _changed(root=0), _changed(place="1"), _changed(place=True),
    _changed(previous=""), _changed(previous="0" * 63), _changed(arrival="0"), _changed(more=1),
    _changed(written="2026-11-25T14:16"), _changed(written="2026-11-25 14:15"), _changed(format="sapo-note-text/1"),
    _changed(seen=[1]), _changed(seen=["0" * 32, 0, "0" * 64]), _changed(seen=["0" * 32, 1, "x"]),
    _changed(seen=["0" * 31, 1, "0" * 64]), _changed(seen=["0" * 32, 1, "0" * 64, 1]), _changed(seen=[1, 1, 1]),
    _changed(id=f"x{IDS[0]}"), _changed(author="ÅÅanna"), _changed(author="anna-ek Ek"), _changed(author="a" * 33),
    _changed(written="x2026-11-25T14:15"), _changed(written="2026-11-25T14:155"), _changed(written="2026-00-10T14:15"),
    _changed(seen=[["0" * 32], 1, "0" * 64]), _changed(seen=["0" * 32, 1, ["0" * 64]]),
    _changed(seen=["0" * 33, 1, "0" * 64]), _changed(seen=["0" * 32, "1", "0" * 64]), b'"text"',
    trust.spell({**OUTSIDE, "format": "sapo-note/3"}), b'\xef\xbb\xbf{"text":"x"}',
    _changed(text="\t"), _changed(text="\u202e"), _changed(text="e\u0301"), _changed(text="x" * 20_001),
]  # fmt: skip
GOOD = [
    WHOLE, WHOLE + b" " * 300, sealable_note(TIP, "Två\nrader, \"citat\" och \\"),
    _changed(seen=["0" * 32, 1, "0" * 64], arrival="0" * 64), _changed(text="x" * 20_000), _changed(**{"x-more": 1}),
    _changed(written="2026-01-09T23:45"), _changed(written="2026-12-31T09:00"),
]  # fmt: skip


def test_a_note_has_one_form_and_every_other_is_refused():
    codes = in_node(
        READ + "return given.all.map((hex) => { try { readNote(plain(hex)); return ''; }"
        " catch (error) { return error.code; } });",
        all=[plain.hex() for plain in [*BAD, *GOOD]],
    )

    assert set(codes[: len(BAD)]) == {"format", "spelling"}
    assert set(codes[len(BAD) :]) == {""}


def test_a_sealed_note_is_opened_is_for_others_or_is_damaged():
    sealed = age.seal(WHOLE, [IDENTITY.recipient])
    cases = [
        sealed,
        sealed[:-1],
        age.seal(b"[]", [IDENTITY.recipient]),
        b"",
        age.seal(WHOLE, [OTHER]),
        age.seal(b'{"text":"x"}', [IDENTITY.recipient]),
    ]

    told = in_node(
        'const { openNote } = await import("./tip/signed_note.js"); const { Key } = await import("./age/age.js");'
        "const key = await Key.open(Buffer.from(given.identity)); const told = [];"
        "for (const one of given.sealed) for (const note of [one, octets(one)]) {"
        " const found = await openNote(key, note); told.push(found.said?.text ?? found); } return told;",
        identity=str(IDENTITY), sealed=[base64.b64encode(each).decode() for each in cases],
    )  # fmt: skip

    wanted = [INSIDE["text"], "damaged", "damaged", "damaged", "closed", "damaged"]
    assert told == [each for each in wanted for _ in range(2)]


def test_a_note_of_a_former_day_holds_in_both_and_is_signed_anew_alike():
    vector = json.loads((VECTORS / "note.json").read_text())
    plain = vector["sealed"].encode().ljust(8192)
    note = read_note(plain)

    answer = in_node(
        READ + 'const { holds, publicKey, toText } = await import("./trust/trust.js");'
        'const { SigningKey } = await import("./trust/signing.js"); const { spellNote } = await import("./tip/signed_note.js");'
        "const note = readNote(plain(given.plain)); const key = publicKey(given.key);"
        "const again = await new SigningKey(plain(given.secret)).sign('note', spellNote(note.said));"
        'return { hash: note.hash, holds: [await holds(key, note.signature, "note", note.octets),'
        ' await holds(key, again, "note", note.octets)],'
        " said: note.said, ed25519: toText(again.ed25519) };",
        plain=plain.hex(), key=vector["key"], secret=vector["secret"],
    )  # fmt: skip

    assert note.hash == answer["hash"] == vector["hash"]
    assert note.is_by(trust.PublicKey.of(vector["key"]))
    assert answer["holds"] == [True, True]
    assert answer["said"] == note.said
    assert answer["ed25519"] == trust.to_text(note.signature.ed25519)


def test_what_the_browser_signs_and_seals_holds_here():
    secret = bytes([101]) * 32
    text = 'Ringde e\u0301n\rg\u00e5ng.\r\n\tSedan \u202eintet \u200b"mer" \\ 👍🏽'
    sealed = in_node(
        'const { sealNote, spellNote, signable } = await import("./tip/signed_note.js");'
        'const { SigningKey } = await import("./trust/signing.js");'
        "const key = new SigningKey(new Uint8Array(Buffer.from(given.secret, 'hex')));"
        "const said = { ...given.said, text: signable(given.text) };"
        "const octets = spellNote(said); const signature = await key.sign('note', octets);"
        "return text(await sealNote({ octets, signature }, given.to));",
        secret=secret.hex(), text=text, to=[str(IDENTITY.recipient)],
        said={"arrival": "", "author": "anna-ek", "id": IDS[0], "keyring": 3, "place": 1, "root": 1,
              "previous": NOTHING_BEFORE, "seen": [], "tip": TIP, "written": "2026-11-25T14:15"},
    )  # fmt: skip
    plain = age.unseal(base64.b64decode(sealed), [IDENTITY])
    note = read_note(plain)

    assert len(plain) % 1024 == 0
    assert note.is_by(ANNA.public)
    assert note.said["text"] == 'Ringde \u00e9n\ng\u00e5ng.\n Sedan intet "mer" \\ 👍🏽'


def test_the_length_of_a_sealed_note_tells_only_its_kibibytes():
    sealed = in_node(
        'const { sealNote } = await import("./tip/signed_note.js");'
        "const signature = { ed25519: new Uint8Array(64), mldsa65: new Uint8Array(3309) };"
        "const sized = (size) => ({ octets: new Uint8Array(size).fill(120), signature });"
        "return Promise.all(given.sizes.map(async (size) =>"
        " text(await sealNote(sized(size), [given.to]))));",
        sizes=[1, 400, 900, 1400, 1900, 9000], to=str(IDENTITY.recipient),
    )  # fmt: skip

    sizes = [len(age.unseal(base64.b64decode(each), [IDENTITY])) for each in sealed]
    assert {size % 1024 for size in sizes} == {0}
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4
