"""What is sealed of a tip: its form, and sizes that tell nothing of what it holds."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tables import every_row
from tips.sealing import envelope
from tips.sealing.envelope import Attachment, EnvelopeError

from .test_opener_parts import as_text, in_node

ID = UUID("7f3c9a52-0000-4000-8000-000000000001")
NOON = datetime(2026, 11, 25, 13, 29, 59, tzinfo=UTC)
KIB = 1024
PHOTO = Attachment(
    id=UUID("11111111-0000-4000-8000-000000000001"),
    name="bild på bilen.jpg",
    type="image/jpeg",
    size=1234,
    sealed_size=4128,
    sha256="ab" * 32,
)
FIELDS = {"text": "En bil står utanför.", "subject": "hot", "urgent": "1", "where": "Solna"}


def _head(**fields: str) -> bytes:
    return envelope.make_head(ID, NOON, fields, [])


def _body(text: str = "", attachments: tuple[Attachment, ...] = ()) -> bytes:
    return envelope.make_body(ID, NOON, "sv", {"text": text}, attachments)


def test_the_head_holds_what_the_queue_shows():
    head = envelope.make_head(ID, NOON, FIELDS, [PHOTO, PHOTO])

    assert json.loads(head) == {
        "format": "sapo-head/1",
        "id": str(ID),
        "received": "2026-11-25T14:15",
        "subject": "hot",
        "urgent": True,
        "excerpt": "En bil står utanför.",
        "attachments": 2,
    }  # fmt: skip


def test_the_body_holds_the_fields_and_binds_the_files():
    body = envelope.make_body(ID, NOON, "en", FIELDS, [PHOTO])

    assert json.loads(body) == {
        "format": "sapo-tip/1",
        "id": str(ID),
        "received": "2026-11-25T14:15",
        "language": "en",
        "way": "form",
        "fields": FIELDS,
        "attachments": [
            {
                "id": str(PHOTO.id),
                "name": "bild på bilen.jpg",
                "type": "image/jpeg",
                "size": 1234,
                "sealed_size": 4128,
                "sha256": "ab" * 32,
            }
        ],
    }  # fmt: skip


def test_swedish_letters_take_no_more_room_than_they_must():
    assert "står utanför".encode() in _head(text="står utanför")


# Sizes


@given(text=st.text(max_size=200), urgent=st.booleans(), subject=st.sampled_from(["", "hot"]))
@example(text="\x00" * 200, urgent=False, subject="massforstorelse")
@example(text="\U0001f600" * 200, urgent=False, subject="massforstorelse")
@example(text='"' * 200, urgent=True, subject="massforstorelse")
@example(text="\ud800" * 200, urgent=True, subject="massforstorelse")
def test_every_head_has_the_same_size(text, urgent, subject):
    head = envelope.make_head(
        ID, NOON, {"text": text, "subject": subject, "urgent": "1" * urgent}, []
    )

    assert len(head) == 1024
    assert json.loads(head)["excerpt"] == text[:120].replace("\ud800", "?")


def test_the_excerpt_is_the_first_120_characters():
    assert json.loads(_head(text="å" * 500))["excerpt"] == "å" * 120


def test_a_subject_that_does_not_fit_is_refused():
    with pytest.raises(EnvelopeError, match="no room"):
        _head(subject="x" * 1000)


@every_row(
    ("length", "size"),
    [(0, 4 * KIB), (3000, 4 * KIB), (5000, 16 * KIB), (16_000, 16 * KIB), (20_000, 64 * KIB)],
)
def test_bodies_come_in_three_sizes(length, size):
    assert len(_body("x" * length)) == size


def test_a_body_that_fills_its_size_stays_in_it():
    room = 4 * KIB - len(_body().rstrip())

    assert len(_body("x" * room)) == 4 * KIB
    assert len(_body("x" * (room + 1))) == 16 * KIB


def test_larger_bodies_fall_into_few_sizes():
    sizes = {len(_body("x" * length)) for length in range(70_000, 140_000, 500)}

    assert len(sizes) <= 40
    assert min(sizes) > 64 * KIB


@pytest.mark.parametrize(
    ("size", "padded"),
    [
        (0, 4096), (1, 4096), (4096, 4096), (4097, 4352), (65_535, 65_536), (65_536, 65_536),
        (65_537, 67_584), (1_000_000, 1_015_808), (25 * KIB * KIB, 25 * KIB * KIB),
        (25 * KIB * KIB - 1, 25 * KIB * KIB),
    ],
)  # fmt: skip
def test_files_are_filled_up_to_their_class(size, padded):
    assert envelope.padded_size(size) == padded


@given(st.integers(0, 100 * KIB * KIB))
def test_filling_up_costs_little_and_is_stable(size):
    padded = envelope.padded_size(size)

    assert size <= padded <= max(4096, size * 1.12)
    assert envelope.padded_size(padded) == padded


def test_files_up_to_the_limit_fall_into_few_sizes():
    sizes, size = set(), 0
    while size <= 25 * KIB * KIB:
        sizes.add(envelope.padded_size(size))
        size = envelope.padded_size(size) + 1

    assert len(sizes) < 350


@every_row("size", [0, 1, 4095, 4096, 4097, 1_000_000, 20_000_000])
def test_the_filling_is_zeros_in_small_blocks(size):
    blocks = list(envelope.padding(size))

    assert sum(map(len, blocks)) == envelope.padded_size(size) - size
    assert all(len(block) <= 64 * KIB and not block.strip(b"\0") for block in blocks)


# Times


@every_row(
    ("moment", "told"),
    [
        (datetime(2026, 11, 25, 13, 0, tzinfo=UTC), "2026-11-25T14:00"),
        (datetime(2026, 11, 25, 13, 14, 59, tzinfo=UTC), "2026-11-25T14:00"),
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), "2026-07-02T00:45"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "2027-01-01T00:30"),
        (datetime(2026, 11, 25, 8, 44, tzinfo=timezone(timedelta(hours=-5))), "2026-11-25T14:30"),
    ],
)
def test_times_are_told_to_the_quarter_in_stockholm(moment, told):
    assert envelope.rounded(moment) == told


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(EnvelopeError, match="zone"):
        envelope.rounded(datetime(2026, 11, 25, 13))


# Reading


def _changed(content: bytes, **changes: object) -> bytes:
    read = json.loads(content)
    for name, value in changes.items():
        if value is ...:
            del read[name]
        else:
            read[name] = value
    return json.dumps(read).encode()


FILE = {
    "id": str(PHOTO.id), "name": "a", "type": "b", "size": 1, "sealed_size": 2, "sha256": "ab" * 32,
}  # fmt: skip
# What strangers may seal instead of a head and a body.
NO_HEADS = [
    b"", b"\xff", b"null", b"[]", b'"sapo-head/1"', b"[" * 100_000,
    _changed(_head(), format="sapo-tip/1"), _changed(_head(), format=...),
    _changed(_head(), id="7F3C9A52-0000-4000-8000-000000000001"),
    _changed(_head(), id="../../etc/passwd"), _changed(_head(), id=5),
    _changed(_head(), received="2026-11-25T14:17"), _changed(_head(), received="2026-13-01T14:15"),
    _changed(_head(), received="2026-11-2\u0665T14:15"),
    _changed(_head(), received="2026-11-25T14:15\n"), _changed(_head(), received=5),
    _changed(_head(), received=...), _changed(_head(), subject=None), _changed(_head(), urgent=1),
    _changed(_head(), excerpt=["x"]), _changed(_head(), excerpt=...),
    _changed(_head(), attachments=True), _changed(_head(), attachments=-1),
    _changed(_head(), attachments=0.5), _changed(_head(), attachments="1"),
]  # fmt: skip
NO_BODIES = [
    b"", _head(), _changed(_body(), received="2026-13-01T14:15"), _changed(_body(), language=...),
    _changed(_body(), way=5), _changed(_body(), way={"toString": 1}), _changed(_body(), fields=[]),
    _changed(_body(), fields=None), _changed(_body(), fields={"text": None}),
    _changed(_body(), fields={"text": ["x"]}), _changed(_body(), attachments={}),
    _changed(_body(), attachments=[None]), _changed(_body(), attachments=[FILE, FILE]),
    *(_changed(_body(), attachments=[{**FILE, name: None}]) for name in FILE),
    _changed(_body(), attachments=[{**FILE, "size": -1}]),
    _changed(_body(), attachments=[{**FILE, "size": True}]),
    _changed(_body(), attachments=[{**FILE, "sha256": "AB" * 32}]),
    _changed(_body(), attachments=[{**FILE, "id": "../x"}]),
]  # fmt: skip


def test_the_browser_refuses_heads_and_bodies_of_another_form_and_takes_the_others():
    former = _changed(_body(), way=..., attachments=[FILE])
    heads = [_head(text="En bil"), *NO_HEADS]
    whole = _head(), _changed(_head(), attachments=1)
    bodies = [(whole[0], _body()), (whole[1], former), *((whole[0], body) for body in NO_BODIES)]

    answers = in_node(
        'const { openBody, openHead } = await import("./content/envelope.js");'
        "const key = { unseal: async (text) => octets(text) };"
        "const judged = (each) => Promise.all(each.map((act) => kindOf(act)));"
        "return [await judged(given.heads.map((head) => () => openHead(key, given.id, head))),"
        " await judged(given.bodies.map(([head, body]) => () => openBody(key, given.id, head, body)))];",
        id=str(ID),
        heads=list(map(as_text, heads)),
        bodies=[list(map(as_text, pair)) for pair in bodies],
    )

    assert answers == [["", *["Damaged"] * len(NO_HEADS)], ["", "", *["Damaged"] * len(NO_BODIES)]]
