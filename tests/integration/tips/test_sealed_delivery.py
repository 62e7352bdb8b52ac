"""What comes sealed from the sender's browser: taken in as it is, or refused by a code."""

import time
import uuid

import pytest
from django.http.multipartparser import MultiPartParser
from django.test import Client
from django.utils import timezone

from tests.integration.tips.sealing_browser import (
    SEND,
    STANDING,
    body_of_parts,
    sealed_parts,
    send_sealed,
    with_part,
)
from tests.integration.tips.sending import (
    CONTENT_TYPE,
    FORM,
    PHOTO,
    TEXT,
    assert_nothing_is_kept,
    files_under,
    only_tip,
    ripe_token,
    send,
)
from tests.rings import entries_for, entry, letters
from tests.tables import every_row
from tips.form import limits
from tips.form.limiter import limiter
from tips.sealing import age, envelope, sizes

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


@pytest.fixture
def parts(tip_channel):
    return sealed_parts(tip_channel.trust.ring, ripe_token(), files=[PHOTO])


def _answer(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    return response.json()


def test_the_form_says_how_it_stands_and_what_has_to_be_sealed(client, tip_channel):
    said = _answer(client.get(STANDING), 200)

    assert said.keys() == {"format", "keyring", "now", "open", "tip", "token", "why"}
    assert (said["format"], said["keyring"], said["open"]) == ("sapo-form/1", 1, True)
    assert str(uuid.UUID(said["tip"])) == said["tip"]


def test_it_says_so_when_it_is_closed_and_gives_no_token(client, tip_channel):
    tip_channel.keyring_path.unlink()

    said = _answer(client.get(STANDING), 503)
    assert (said["open"], said["why"], said["tip"], said["token"]) == (False, "keyring", "", "")


def test_a_tip_that_was_sealed_in_the_browser_is_kept_as_it_came(client, tip_channel, parts):
    assert _answer(send_sealed(client, parts), 201) == {"ok": True}

    tip = only_tip(tip_channel)
    assert (tip["fields"], tip["way"]) == ({"text": TEXT}, "browser")
    assert tip["files"] == {PHOTO[0]: PHOTO[2]}
    (tip_id,) = tip_channel.vault.tips()
    assert tip_channel.sealed(tip_id, "body.age") == dict(parts)["body"]


def test_a_tip_of_the_plain_form_says_that_it_was_sealed_here(client, tip_channel):
    send(client)
    assert only_tip(tip_channel)["way"] == "form"


def test_sent_again_it_is_one_tip_also_when_the_keyring_has_changed_meanwhile(client, tip_channel):
    token = ripe_token()
    first = sealed_parts(tip_channel.trust.ring, token)
    send_sealed(client, first)

    # Sealed anew it is the same to us, though no octet of it is.
    again = sealed_parts(tip_channel.trust.ring, token)
    assert dict(again)["body"] != dict(first)["body"]
    assert _answer(send_sealed(client, again), 201) == {"ok": True}
    newcomer = entries_for([age.generate_identity().recipient for _ in range(2)])[1]
    tip_channel.trust.follow(added=[newcomer])
    assert _answer(send_sealed(client, again), 201) == {"ok": True}

    assert len(list(tip_channel.vault.tips())) == 1


def test_one_token_is_not_good_for_two_tips(client, tip_channel):
    token = ripe_token()
    send_sealed(client, sealed_parts(tip_channel.trust.ring, token))

    other = sealed_parts(tip_channel.trust.ring, token, text="Något annat.")
    assert _answer(send_sealed(client, other), 409) == {"error": "spent"}
    assert only_tip(tip_channel)["fields"]["text"] == TEXT


def test_what_is_sealed_to_another_keyring_is_to_be_sealed_anew(client, tip_channel, parts):
    newcomer = entries_for([age.generate_identity().recipient for _ in range(2)])[1]
    tip_channel.trust.follow(added=[newcomer])

    assert _answer(send_sealed(client, parts), 409) == {"error": "keyring"}
    assert_nothing_is_kept(tip_channel)


def _to_another(ring):
    two = [*ring.recipients, age.generate_identity().recipient]
    return age.seal(b" " * 4096, two)


def _header(parts):
    return dict(parts)["body"][: sizes.header_size(1)]


def _of_no_kind(parts):
    return dict(parts)["body"].replace(b"-> mlkem768x25519 ", b"-> mlkem768x25510 ", 1)


# Each: what is wrong, the parts as they are sent, the status and the code.
MALFORMED = [
    ("nothing", lambda parts, ring: [], 400, "form"),
    ("no version", lambda parts, ring: parts[1:], 400, "form"),
    ("another version", lambda parts, ring: with_part(parts, "v", b"3"), 400, "form"),
    ("no token", lambda parts, ring: with_part(parts, "token", None), 400, "form"),
    ("a made up token", lambda parts, ring: with_part(parts, "token", b"x" * 80), 410, "token"),
    ("an old token", lambda parts, ring: with_part(parts, "token", ripe_token(6 * 3600 + 9).encode()), 410, "token"),
    ("a token from now", lambda parts, ring: with_part(parts, "token", ripe_token(0).encode()), 410, "token"),
    ("a long token", lambda parts, ring: with_part(parts, "token", b"x" * 5000), 400, "form"),
    ("no keyring", lambda parts, ring: with_part(parts, "keyring", None), 400, "form"),
    ("no hash of it", lambda parts, ring: with_part(parts, "keyring", b"1"), 409, "keyring"),
    ("another keyring", lambda parts, ring: with_part(parts, "keyring", b"1:" + b"0" * 64), 409, "keyring"),
    ("a short echo", lambda parts, ring: with_part(parts, "echo", b"AAAA"), 400, "form"),
    ("an odd echo", lambda parts, ring: with_part(parts, "echo", b"*" * 43), 400, "form"),
    ("another language", lambda parts, ring: with_part(parts, "language", b"fi"), 400, "form"),
    ("urgent in words", lambda parts, ring: with_part(parts, "urgent", b"yes"), 400, "form"),
    ("no heads", lambda parts, ring: with_part(parts, "heads", None), 400, "form"),
    ("empty heads", lambda parts, ring: with_part(parts, "heads", b""), 400, "form"),
    ("heads in clear", lambda parts, ring: with_part(parts, "heads", b" " * 2683), 400, "form"),
    ("heads cut off", lambda parts, ring: with_part(parts, "heads", dict(parts)["heads"][:-1]), 400, "form"),
    ("heads with more behind", lambda parts, ring: with_part(parts, "heads", dict(parts)["heads"] + b"x"), 400, "form"),
    ("one head too many", lambda parts, ring: with_part(parts, "heads", _header(parts) + dict(parts)["heads"]), 400, "form"),
    ("vast heads", lambda parts, ring: with_part(parts, "heads", b"x" * 200_000), 400, "form"),
    ("no body", lambda parts, ring: with_part(parts, "body", None), 400, "form"),
    ("a body in clear", lambda parts, ring: with_part(parts, "body", b" " * 4096), 400, "form"),
    ("a body for more readers", lambda parts, ring: with_part(parts, "body", _to_another(ring)), 400, "form"),
    ("a body of no class", lambda parts, ring: with_part(parts, "body", age.seal(b" " * 5000, ring.recipients)), 400, "form"),
    ("a body of another kind", lambda parts, ring: with_part(parts, "body", _of_no_kind(parts)), 400, "form"),
    ("a body cut off", lambda parts, ring: with_part(parts, "body", dict(parts)["body"][:-1]), 400, "form"),
    ("a vast body", lambda parts, ring: with_part(parts, "body", b"x" * 600_000), 400, "form"),
    ("another order", lambda parts, ring: [parts[1], parts[0], *parts[2:]], 400, "form"),
    ("a part twice", lambda parts, ring: [parts[0], *parts], 400, "form"),
]  # fmt: skip
# These have head and body as they have to be: they count as a tip.
MALFORMED_LATER = [
    ("a stranger behind the body", lambda parts, ring: [*parts, ("note", b"x")], 400, "form"),
    ("the body twice", lambda parts, ring: [*parts, ("body", dict(parts)["body"])], 400, "form"),
    ("a file in clear", lambda parts, ring: [*parts[:8], (parts[8][0], b"x" * 9000)], 400, "form"),
    ("an empty file", lambda parts, ring: [*parts[:8], (parts[8][0], b"")], 400, "form"),
    ("a file cut off", lambda parts, ring: [*parts[:8], (parts[8][0], parts[8][1][:-1])], 400, "form"),
    ("a file of no class", lambda parts, ring: [*parts[:8], (parts[8][0], age.seal(b"x" * 9001, ring.recipients))], 400, "form"),
    ("a file without padding", lambda parts, ring: [*parts[:8], (parts[8][0], age.seal(b"x" * 9, ring.recipients))], 400, "form"),
    ("a file for a stranger too", lambda parts, ring: [*parts[:8], (parts[8][0], _to_another(ring))], 400, "form"),
    ("a file twice", lambda parts, ring: [*parts, parts[8]], 400, "form"),
    ("a file without an id", lambda parts, ring: [*parts, ("file.", parts[8][1])], 400, "form"),
    ("a file with a path", lambda parts, ring: [*parts, ("file.../../x", parts[8][1])], 400, "form"),
    ("an id that is not random", lambda parts, ring: [*parts, (f"file.{uuid.UUID(int=7)}", parts[8][1])], 400, "form"),
    ("eleven files", lambda parts, ring: [*parts, *((f"file.{uuid.uuid4()}", parts[8][1]) for _ in range(10))], 413, "size"),
    ("a vast fill", lambda parts, ring: [*parts, ("fill", b"x" * 600_000)], 400, "form"),
    ("something behind the fill", lambda parts, ring: [*parts, ("fill", b"x"), parts[8]], 400, "form"),
    ("two fills", lambda parts, ring: [*parts, ("fill", b"x"), ("fill", b"x")], 400, "form"),
]  # fmt: skip


@every_row(
    ("spoilt", "status", "code"),
    [case[1:] for case in [*MALFORMED, *MALFORMED_LATER]],
    ids=[case[0] for case in [*MALFORMED, *MALFORMED_LATER]],
)
def test_what_is_malformed_is_answered_by_a_code_and_nothing_is_kept(
    client, tip_channel, parts, spoilt, status, code
):
    response = send_sealed(client, spoilt(parts, tip_channel.trust.ring))

    assert _answer(response, status) == {"error": code}
    assert_nothing_is_kept(tip_channel)
    assert not list((tip_channel.root / "tips").rglob("incoming/*"))


def test_what_is_no_tip_takes_no_room_from_others(client, tip_channel, parts, monkeypatch):
    asked = []
    monkeypatch.setattr(limiter, "lets_in", lambda address: asked.append(address) or True)

    for name, spoilt, _status, _code in MALFORMED:
        send_sealed(client, spoilt(parts, tip_channel.trust.ring))
        assert asked == [], name
    send_sealed(client, parts)
    assert len(asked) == 1


@every_row(
    ("cut", "code"),
    [(lambda octets: octets[:-30], "form"), (lambda octets: octets[: len(octets) // 2], "form"),
     (lambda octets: b"", "form"), (lambda octets: b"--x\r\n" * 9, "form")],
    ids=["without its end", "half", "empty", "no parts"],
)  # fmt: skip
def test_a_request_that_is_not_whole_is_no_tip(client, tip_channel, parts, cut, code):
    octets = cut(body_of_parts(parts))

    response = client.generic("POST", SEND, octets, content_type=CONTENT_TYPE)
    assert _answer(response, 400) == {"error": code}
    assert_nothing_is_kept(tip_channel)


def test_who_sends_nothing_is_not_thanked(client, tip_channel):
    nothing = {"CONTENT_TYPE": CONTENT_TYPE, "CONTENT_LENGTH": "0"}

    assert _answer(client.generic("POST", SEND, **nothing), 400) == {"error": "form"}
    assert client.generic("POST", FORM, **nothing).status_code == 400
    assert_nothing_is_kept(tip_channel)


def test_only_what_was_taken_in_is_thanked_for(client, tip_channel, parts, monkeypatch):
    """Also when Django's parser ends without a word, and hands nothing on."""
    monkeypatch.setattr(MultiPartParser, "parse", lambda self: ({}, {}))

    assert _answer(send_sealed(client, parts), 400) == {"error": "form"}
    assert send(client).status_code == 400
    assert_nothing_is_kept(tip_channel)


def test_what_fills_the_line_is_read_and_dropped(client, tip_channel, parts):
    assert send_sealed(client, [*parts, ("fill", b"x" * 9000)]).status_code == 201

    assert {path.name for path in files_under(tip_channel)} == {
        "arrival", "heads", "body.age", "echo", f"{parts[8][0].removeprefix('file.')}.age",
    }  # fmt: skip


def test_a_page_of_another_site_sends_nothing(client, tip_channel, parts):
    response = send_sealed(client, parts, HTTP_SEC_FETCH_SITE="cross-site")
    assert _answer(response, 403) == {"error": "form"}
    assert_nothing_is_kept(tip_channel)


@every_row(
    ("address", "method", "status"),
    [(SEND, "GET", 405), (SEND, "PUT", 405), (STANDING, "POST", 405)],
)
def test_no_other_method_is_answered_with_anything_but_a_code(
    client, tip_channel, address, method, status
):
    assert _answer(client.generic(method, address), status) == {"error": "form"}


def test_who_has_sent_much_is_told_to_wait(client, tip_channel, parts, monkeypatch):
    monkeypatch.setattr(limiter, "lets_in", lambda address: False)
    assert _answer(send_sealed(client, parts), 429) == {"error": "limited"}
    monkeypatch.setattr(limiter, "has_room", lambda address: False)
    assert _answer(send_sealed(client, parts), 429) == {"error": "limited"}
    assert_nothing_is_kept(tip_channel)


def test_with_all_places_taken_nothing_is_read(client, tip_channel, parts, monkeypatch):
    monkeypatch.setattr(limits, "MAX_READ_AT_ONCE", 0)
    assert _answer(send_sealed(client, parts), 503) == {"error": "busy"}


def test_while_the_form_is_closed_a_sealed_tip_is_told_so(client, tip_channel, parts, settings):
    settings.TIPS_RESERVE_BYTES = 2**62
    assert _answer(send_sealed(client, parts), 503) == {"error": "closed"}
    assert_nothing_is_kept(tip_channel)


def test_a_fault_of_ours_is_told_as_closed_and_keeps_nothing(
    client, tip_channel, parts, monkeypatch
):
    def fail(*_words):
        raise RuntimeError(TEXT)

    monkeypatch.setattr("tips.keeping.intake.digest_of", fail)
    assert _answer(send_sealed(Client(raise_request_exception=False), parts), 503) == {
        "error": "closed"
    }
    assert_nothing_is_kept(tip_channel)


def test_an_urgent_tip_is_marked_only_where_somebody_listens(client, tip_channel):
    ring = tip_channel.trust.ring
    send_sealed(client, sealed_parts(ring, ripe_token(), urgent="1"))
    assert tip_channel.vault.urgent() == []
    tip_channel.vault.listener.touch()
    send_sealed(client, sealed_parts(ring, ripe_token(), urgent="1"))
    assert len(tip_channel.vault.urgent()) == 1


def test_the_largest_tip_of_the_form_falls_into_the_largest_class():
    """Each sign may take six octets in JSON, and ten names of files as many as a part's header has."""
    fields = {"text": "\x01" * limits.MAX_TEXT_LENGTH, "subject": "massforstorelse", "urgent": "1"}
    fields |= dict.fromkeys(
        ("when", "where", "people", "contact"), "\x01" * limits.MAX_FIELD_LENGTH
    )
    files = [
        envelope.Attachment(uuid.uuid4(), "\x01" * 1024, "\x01" * 100, 2**24, 2**24, "0" * 64)
        for _ in range(limits.MAX_FILES)
    ]
    body = envelope.make_body(uuid.uuid4(), timezone.now(), "sv", fields, files)
    assert len(body) == 256 * 1024
    assert len(body.rstrip()) < 250 * 1024


def test_sizes_of_files_are_those_of_the_classes_and_no_others():
    largest = limits.MAX_FILE_BYTES
    for size in (0, 1, 4096, 4097, 9000, 65_536, 65_537, 1_000_000, largest):
        padded = sizes.payload_size(envelope.padded_size(size))
        assert sizes.is_payload_of_file(padded, largest), size
        assert not sizes.is_payload_of_file(padded - 1, largest), size
        assert not sizes.is_payload_of_file(padded + 1, largest), size
    too_large = sizes.payload_size(envelope.padded_size(largest * 9 // 8))
    assert not sizes.is_payload_of_file(too_large, largest)
    assert not any(sizes.is_payload_of_file(size, largest) for size in range(4000))


# What it costs


@pytest.mark.parametrize("size", [0, 5_000_000])
def test_what_is_sealed_in_the_browser_costs_the_server_no_more_than_the_plain_form(
    client, tip_channel, size
):
    tip_channel.trust.follow(
        added=[
            entry(
                f"nr-{letters(number)}",
                f"Nr {letters(number)}",
                age.generate_identity().recipient,
                number,
            )
            for number in range(2, 16)
        ]
    )
    film = [("film.mp4", "video/mp4", bytes(range(256)) * (size // 256))] if size else []
    spent: dict[str, list[float]] = {"plain": [], "sealed": []}
    for _number in range(24):  # the least of many: a busy machine doubles most of them
        parts = sealed_parts(tip_channel.trust.ring, ripe_token(), files=film)
        for way, leave in (
            ("sealed", lambda parts=parts: send_sealed(client, parts)),
            ("plain", lambda: send(client, files=film)),
        ):
            begun = time.process_time()
            answer = leave()
            spent[way].append(time.process_time() - begun)
            assert answer.status_code in (200, 201), answer.content
    assert min(spent["sealed"]) <= min(spent["plain"]), spent
