"""The age format: what is sealed opens for its recipients, and nothing else is taken."""

import hashlib
import random
import tracemalloc
from io import BytesIO
from itertools import chain, cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rewrapping import rewrap_header
from tests.tables import every_row
from tips.sealing import age
from tips.sealing.age import encoding
from tips.sealing.age.encoding import from_base64, to_base64, to_bech32
from tips.sealing.age.header import LONGEST_HEADER, seal_header, write_header
from tips.sealing.age.stanza import Stanza
from tips.sealing.age.stream import _Chunks

CHUNK = 64 * 1024
KEY, OTHER = age.generate_identity(), age.generate_identity()
SHARE = OTHER.recipient.wrap(bytes(16)).arguments[1]
EDGES = (0, 1, 15, 16, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 200_000)


def _octets(size: int, seed: int = 0) -> bytes:
    return hashlib.shake_128(f"{seed}/{size}".encode()).digest(size)


def _sealed(size: int = 1000) -> bytes:
    return age.seal(_octets(size), [KEY.recipient])


def _opens(sealed: bytes) -> bool:
    try:
        age.unseal(sealed, [KEY])
    except age.AgeError:
        return False
    return True


# Sealing and opening


@pytest.mark.parametrize("size", EDGES)
def test_what_is_sealed_opens_as_it_was(size):
    plaintext = _octets(size)

    sealed = age.seal(plaintext, [KEY.recipient])

    assert age.unseal(sealed, [KEY]) == plaintext


def test_every_recipient_opens_and_nobody_else():
    sealed = age.seal(b"tips", [KEY.recipient, OTHER.recipient])

    assert age.unseal(sealed, [KEY]) == b"tips"
    assert age.unseal(sealed, [OTHER]) == b"tips"
    with pytest.raises(age.WrongKey):
        age.unseal(sealed, [age.generate_identity()])


def test_an_identity_among_several_opens():
    sealed = age.seal(b"tips", [KEY.recipient])

    assert age.unseal(sealed, [OTHER, OTHER, KEY]) == b"tips"


def test_without_an_identity_nothing_opens():
    with pytest.raises(age.WrongKey):
        age.unseal(_sealed(), [])


def test_sealing_to_nobody_is_refused():
    with pytest.raises(age.BadKey, match="no recipient"):
        age.SealedWriter(BytesIO(), [])


def test_thirty_post_quantum_recipients_have_room():
    identities = [age.generate_identity() for _ in range(30)]

    sealed = age.seal(b"tips", [identity.recipient for identity in identities])

    assert age.unseal(sealed, [identities[-1]]) == b"tips"


def test_more_recipients_than_a_header_has_room_for_are_refused():
    recipients = [age.generate_identity().recipient for _ in range(43)]

    with pytest.raises(age.BadKey, match="too many"):
        age.seal(b"tips", recipients)


def test_a_recipient_named_twice_is_sealed_to_once():
    once, twice = (age.seal(b"", [KEY.recipient] * times) for times in (1, 2))

    assert len(once) == len(twice)


def test_equal_sizes_give_equal_lengths():
    lengths = {len(age.seal(_octets(5000, n), [KEY.recipient])) for n in range(500)}

    assert len(lengths) == 1


def test_the_same_plaintext_never_gives_the_same_octets():
    one, other = (_sealed() for _ in range(2))

    assert one[-1000:] != other[-1000:]
    assert one[:100] != other[:100]


# Any change is refused


def test_a_changed_bit_at_any_place_is_refused():
    sealed = _sealed(20)

    for place in range(len(sealed)):
        for bit in (0x01, 0x20, 0x80):
            changed = bytearray(sealed)
            changed[place] ^= bit
            assert not _opens(bytes(changed)), (place, bit)


def test_a_missing_or_a_doubled_octet_at_any_place_is_refused():
    sealed = _sealed(20)

    for place in range(len(sealed)):
        assert not _opens(sealed[:place] + sealed[place + 1 :]), place
        assert not _opens(sealed[:place] + sealed[place : place + 1] + sealed[place:]), place


def test_a_file_cut_off_anywhere_is_refused():
    sealed = _sealed(20)

    assert not any(_opens(sealed[:length]) for length in range(len(sealed)))


@pytest.mark.parametrize("extra", [b"\0", b"\n", b"x" * 16, bytes(CHUNK + 16)])
def test_anything_behind_the_end_is_refused(extra):
    for size in (0, 20, CHUNK):
        assert not _opens(_sealed(size) + extra)


def test_random_changes_in_a_large_file_are_refused():
    chance = random.Random(3)
    sealed = _sealed(3 * CHUNK + 77)

    for _ in range(1000):
        place = chance.randrange(len(sealed))
        changed = bytearray(sealed)
        changed[place] ^= chance.randrange(1, 256)
        assert not _opens(bytes(changed)), place
        assert not _opens(sealed[:place] + sealed[place + 1 :]), place
        assert not _opens(sealed[:place]), place


@every_row("order", [[1, 0, 2], [0, 2], [0, 1], [1, 2], [2], [0, 1, 1, 2], [0, 1, 2, 2], []])
def test_chunks_in_another_order_or_number_are_refused(order):
    source = BytesIO(_sealed(2 * CHUNK + 100))
    before = age.split_header(source) + source.read(16)
    chunks = [source.read(CHUNK + 16) for _ in range(3)]

    assert _opens(before + b"".join(chunks))
    assert not _opens(before + b"".join(chunks[number] for number in order))


def test_only_a_file_that_is_empty_ends_with_an_empty_chunk():
    file_key, nonce = bytes(16), bytes(16)
    chunks = _Chunks(file_key, nonce)
    whole, empty = chunks.seal(bytes(CHUNK)), chunks.seal(b"", last=True)
    header = seal_header(file_key, [KEY.recipient])

    with pytest.raises(age.Damaged, match="last chunk is empty"):
        age.unseal(header + nonce + whole + empty, [KEY])


def test_pieces_come_out_only_when_they_are_authenticated():
    plaintext = _octets(3 * CHUNK)
    sealed = bytearray(age.seal(plaintext, [KEY.recipient]))
    sealed[-CHUNK - 100] ^= 1  # in the second of three

    stream = age.open_stream(BytesIO(sealed), [KEY])

    assert next(stream) == plaintext[:CHUNK]
    with pytest.raises(age.Damaged):
        next(stream)


def test_a_header_changed_by_somebody_without_a_key_is_told_from_a_wrong_key():
    ours, theirs = KEY, OTHER
    source = BytesIO(age.seal(b"tips", [ours.recipient, theirs.recipient]))
    header = age.split_header(source)
    without_the_other = header[: header.rindex(b"-> ")] + header[header.index(b"--- ") :]

    with pytest.raises(age.Damaged, match="changed"):
        age.unseal(without_the_other + source.read(), [ours])


# The header


def _with_stanza(*arguments: str, body: bytes = bytes(32)) -> bytes:
    """A header with a stanza of a stranger's before ours, as its writer would sign it."""
    ours = KEY.recipient.wrap(bytes(16))
    return write_header([Stanza(arguments, body), ours], bytes(16))


def _read(header: bytes) -> None:
    with pytest.raises(age.Damaged, match="cut off behind the header"):
        age.unseal(header, [KEY])


@every_row("size", [0, 1, 47, 48, 49, 96, 500])
def test_stanzas_of_kinds_not_known_here_are_passed_over(size):
    _read(_with_stanza("example.com/enigma", "1", "!~", body=bytes(size)))


def test_a_passphrase_beside_other_recipients_is_refused():
    with pytest.raises(age.Damaged, match="passphrase stands beside"):
        age.unseal(_with_stanza("scrypt", "A" * 22, "10"), [KEY])


@every_row(
    ("arguments", "body", "says"),
    [
        ((), bytes(32), "arguments"),
        ((SHARE, "A"), bytes(32), "arguments"),
        ((SHARE[:-1],), bytes(32), "not Base64"),
        ((SHARE + "=",), bytes(32), "not Base64"),
        ((SHARE[:-6],), bytes(32), "length"),
        ((SHARE,), bytes(31), "length"),
        ((SHARE,), bytes(33), "length"),
    ],
)
def test_a_stanza_of_another_shape_is_refused(arguments, body, says):
    with pytest.raises(age.Damaged, match=says):
        age.unseal(_with_stanza(age.STANZA_KIND, *arguments, body=body), [KEY])


@every_row(
    ("changed", "into"),
    [
        (b"age-encryption.org/v1\n", b"age-encryption.org/v2\n"),
        (b"age-encryption.org/v1\n", b"age-encryption.org/v1\r\n"),
        (b"age-encryption.org/v1\n", b""), (b"-> mlkem768x25519 ", b"->mlkem768x25519 "),
        (b"-> mlkem768x25519 ", b"-> mlkem768x25519  "), (b"-> mlkem768x25519 ", b"-> mlkem768x25519\xe5 "),
        (b"-> mlkem768x25519 ", b"-> \n"), (b"--- ", b"---"), (b"--- ", b"---  "),
        (b"--- ", b"-> grease\n--- "), (b"--- ", b"\n--- "),
    ],
)  # fmt: skip
def test_a_header_that_is_not_written_as_it_should_is_refused(changed, into):
    sealed = _sealed(5)

    assert sealed.count(changed) == 1
    with pytest.raises(age.Damaged):
        age.unseal(sealed.replace(changed, into), [KEY])


@every_row("octets", [b"", b"\n", b"age", b"PK\x03\x04", b"-----BEGIN AGE", bytes(99)])
def test_what_is_no_age_file_is_damaged(octets):
    with pytest.raises(age.Damaged, match="not an age file"):
        age.unseal(octets, [KEY])


class Endless:
    """A source whose header never ends, and which counts what was taken from it."""

    def __init__(self, *lines: bytes) -> None:
        self.lines = chain([b"age-encryption.org/v1\n"], cycle(lines))
        self.given = 0

    def readline(self, size: int, /) -> bytes:
        line = next(self.lines)[:size]
        self.given += len(line)
        assert self.given < 1_000_000
        return line

    def read(self, size: int, /) -> bytes:
        raise AssertionError("the payload is not reached")


@every_row(
    ("lines", "says"),
    [
        ([b"-> grease\n", b"\n"], "header is too long"),
        ([b"-> grease\n", *[b"A" * 64 + b"\n"] * 100_000], "header is too long"),
        ([b"-> " + b"A" * 4000 + b"\n", b"\n"], "header is too long"),
        ([b"A" * 10_000_000], "cut off in the header"),
    ],
)
def test_an_endless_header_is_read_no_further_than_the_limit(lines, says):
    source = Endless(*lines)

    with pytest.raises(age.Damaged, match=says):
        age.split_header(source)
    assert source.given <= LONGEST_HEADER + 4096


def test_split_header_leaves_the_source_at_the_payload():
    sealed = _sealed(70_000)
    source = BytesIO(sealed)

    header = age.split_header(source)

    assert header.endswith(b"\n")
    assert header + source.read() == sealed
    assert len(sealed) - len(header) == 16 + 70_000 + 2 * 16


# Other recipients for a file that is already sealed


def test_rewrapping_lets_in_the_new_and_keeps_out_the_old():
    old, new = KEY, OTHER
    out = BytesIO()
    writer = age.SealedWriter(out, [old.recipient])
    writer.write(_octets(100_000))
    writer.close()
    source = BytesIO(out.getvalue())
    header = age.split_header(source)
    payload = source.read()

    rewrapped = rewrap_header(header, [old], [new.recipient])

    assert age.unseal(rewrapped + payload, [new]) == _octets(100_000)
    with pytest.raises(age.WrongKey):
        age.unseal(rewrapped + payload, [old])
    assert hashlib.sha256(payload).digest() == writer.payload_sha256
    assert len(payload) == writer.sealed_size


def test_rewrapping_can_add_a_recipient_beside_those_that_are_there():
    everybody = [KEY.recipient, OTHER.recipient]
    source = BytesIO(_sealed(5))
    rewrapped = rewrap_header(age.split_header(source), [KEY], everybody)
    payload = source.read()

    for identity in (KEY, OTHER):
        assert age.unseal(rewrapped + payload, [identity]) == _octets(5)


def test_rewrapping_needs_a_key_that_opens_and_recipients():
    header = age.split_header(BytesIO(_sealed()))

    with pytest.raises(age.WrongKey):
        rewrap_header(header, [OTHER], [OTHER.recipient])
    with pytest.raises(age.BadKey, match="no recipient"):
        rewrap_header(header, [KEY], [])


def test_rewrapping_refuses_a_header_that_was_changed():
    header = age.split_header(BytesIO(_sealed()))
    key, recipients = [KEY], [OTHER.recipient]
    changed = header.replace(b"--- ", b"-> grease\n\n--- ")

    with pytest.raises(age.Damaged, match="changed"):
        rewrap_header(changed, key, recipients)


# The writer


@given(sizes=st.lists(st.integers(0, 150_000), max_size=6))
def test_pieces_of_any_size_give_the_same_as_one(sizes):
    pieces = [_octets(size, number) for number, size in enumerate(sizes)]
    out = BytesIO()

    writer = age.SealedWriter(out, [KEY.recipient])
    for piece in pieces:
        assert writer.write(piece) == len(piece)
    writer.close()

    sealed = out.getvalue()
    assert age.unseal(sealed, [KEY]) == b"".join(pieces)
    assert len(sealed) == len(age.seal(b"".join(pieces), [KEY.recipient]))


@given(sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=5))
def test_a_source_that_gives_a_little_at_a_time_is_read_to_its_end(sizes):
    class Slow(BytesIO):
        def read(self, size=-1, /):
            sizes.append(sizes.pop(0))
            return super().read(min(size, sizes[0]))

    sealed = _sealed(CHUNK + 5)

    assert b"".join(age.open_stream(Slow(sealed), [KEY])) == _octets(CHUNK + 5)


@pytest.mark.parametrize("size", EDGES)
def test_size_and_sum_are_those_of_the_payload(size):
    out = BytesIO()
    writer = age.SealedWriter(out, [KEY.recipient])
    writer.write(_octets(size))
    writer.close()

    source = BytesIO(out.getvalue())
    age.split_header(source)
    payload = source.read()

    assert writer.sealed_size == len(payload)
    assert writer.payload_sha256 == hashlib.sha256(payload).digest()


def test_memory_stays_flat_while_a_large_file_is_sealed_and_opened(tmp_path):
    piece, times = bytes(1_000_000), 30
    path = tmp_path / "large.age"

    def peak(work) -> int:
        tracemalloc.start()
        work()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    def seal():
        with path.open("wb") as out:
            writer = age.SealedWriter(out, [KEY.recipient])
            for _ in range(times):
                writer.write(piece)
            writer.close()

    def unseal():
        with path.open("rb") as source:
            size = sum(len(part) for part in age.open_stream(source, [KEY]))
        assert size == times * len(piece)

    assert peak(seal) < 500_000
    assert peak(unseal) < 500_000


def test_nothing_of_the_plaintext_reaches_the_file():
    marker = b"hemligt" * 20
    out = BytesIO()
    writer = age.SealedWriter(out, [KEY.recipient])

    for _ in range(2000):
        writer.write(marker)
        assert marker[:14] not in out.getvalue()[-200_000:]
    writer.close()
    assert b"hemligt" not in out.getvalue()


def test_a_file_that_was_not_closed_is_not_taken_for_whole():
    for size in EDGES:
        out = BytesIO()
        age.SealedWriter(out, [KEY.recipient]).write(_octets(size))
        assert not _opens(out.getvalue())


def test_a_closed_writer_takes_no_more_and_closes_once():
    out = BytesIO()
    writer = age.SealedWriter(out, [KEY.recipient])
    with pytest.raises(ValueError, match="not closed"):
        _ = writer.payload_sha256
    writer.write(b"tips")
    writer.close()
    sealed = out.getvalue()

    writer.close()

    assert out.getvalue() == sealed
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"more")
    assert not out.closed


class Full(BytesIO):
    """A disk that takes so many writes and then has no room, or takes half of the last."""

    def __init__(self, room: int, *, takes_half: bool = False) -> None:
        super().__init__()
        self.room = room
        self.takes_half = takes_half

    def write(self, octets, /):
        self.room -= 1
        if self.room < 0:
            if not self.takes_half:
                raise OSError(28, "No space left on device")
            return super().write(bytes(octets)[: len(octets) // 2])
        return super().write(octets)


@every_row("takes_half", [False, True])
@every_row("room", [2, 3])
def test_a_disk_that_got_full_never_holds_a_file_that_looks_whole(room, takes_half):
    out = Full(room, takes_half=takes_half)
    writer = age.SealedWriter(out, [KEY.recipient])

    with pytest.raises(OSError, match=r"space|part"):
        writer.write(bytes(4 * CHUNK))
    out.room = 100
    there = out.getvalue()

    with pytest.raises(ValueError, match="closed"):
        writer.write(b"more")
    writer.close()
    assert out.getvalue() == there
    assert not _opens(there)


# Keys


def test_keys_are_written_and_read_back():
    identity = age.generate_identity()

    assert str(identity).startswith("AGE-SECRET-KEY-PQ-1")
    assert str(identity.recipient).startswith("age1pq1")
    assert str(age.parse_identity(str(identity)).recipient) == str(identity.recipient)
    assert age.parse_recipient(str(identity.recipient)) == identity.recipient


def test_a_private_key_does_not_show_itself():
    identity = age.generate_identity()

    assert str(identity) not in repr(identity)
    assert "SECRET" not in f"{[identity]} {identity!r}".upper()


def test_a_mistyped_recipient_is_refused():
    text = str(KEY.recipient)

    for place in range(0, len(text), 1 + len(text) // 200):
        wrong = "q" if text[place] != "q" else "p"
        with pytest.raises(age.BadKey):
            age.parse_recipient(text[:place] + wrong + text[place + 1 :])
        with pytest.raises(age.BadKey):
            age.parse_recipient(text[:place] + text[place + 1 :])


def test_a_mistyped_identity_is_refused_without_being_repeated():
    text = str(KEY)

    for place in range(len(text)):
        wrong = "Q" if text[place] != "Q" else "P"
        with pytest.raises(age.BadKey) as caught:
            age.parse_identity(text[:place] + wrong + text[place + 1 :])
        assert text[20:40] not in str(caught.value)


@every_row(
    "text",
    [
        "",
        "age",
        "age1",
        "ssh-ed25519 AAAA",
        "age1" + "q" * 5000,
        "åge1qqqqqqqq",
        str(KEY),
        str(KEY.recipient).upper(),
        str(KEY.recipient).capitalize(),
        str(KEY.recipient) + "\n",
        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj ",
    ],
    ids=[
        "nothing", "a word", "a beginning", "of ssh", "too long", "other letters", "an identity",
        "capitals", "a capital", "a line's end", "a space",
    ],
)  # fmt: skip
def test_what_is_no_recipient_is_refused(text):
    with pytest.raises(age.BadKey):
        age.parse_recipient(text)


@every_row(
    "text",
    ["", str(KEY.recipient), str(KEY).lower(), "AGE-SECRET-KEY-PQ-1QQQ"],
    ids=["nothing", "a recipient", "small letters", "too short"],
)
def test_what_is_no_identity_is_refused(text):
    with pytest.raises(age.BadKey):
        age.parse_identity(text)


@every_row("changed", [1, 2])
def test_a_key_is_written_in_one_way_only(monkeypatch, changed):
    """The last letter holds two bits more than the key, which must be zero."""
    regroup = encoding._regroup

    def with_bits_too_many(values, size, new_size, *, pad):
        groups = regroup(values, size, new_size, pad=pad)
        return [*groups[:-1], groups[-1] | changed]

    monkeypatch.setattr(encoding, "_regroup", with_bits_too_many)
    text = to_bech32("age1pq", KEY.recipient.octets)
    monkeypatch.undo()

    with pytest.raises(age.BadKey, match="padding"):
        age.parse_recipient(text)


def test_keys_of_another_kind_or_length_are_not_read():
    """X25519 alone is what a quantum computer would open."""
    with pytest.raises(age.BadKey):
        age.parse_identity(to_bech32("age-secret-key-pq-", bytes(31)).upper())
    with pytest.raises(age.BadKey):
        age.parse_identity(to_bech32("age-secret-key-", bytes(32)).upper())
    for prefix, size in (("age", 32), ("age1tag", 33), ("age1pq", 1215)):
        with pytest.raises(age.BadKey):
            age.parse_recipient(to_bech32(prefix, bytes([9] * size)))


# RFC 7748 and https://cr.yp.to/ecdh.html: the points that give a secret known to everybody.
LOW_ORDER = [
    "00" * 32, "01" + "00" * 31, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]  # fmt: skip


@every_row("point", LOW_ORDER)
def test_a_recipient_that_anybody_could_open_for_is_refused(point):
    lattice = KEY.recipient.octets[:-32]

    with pytest.raises(age.BadKey, match="low order"):
        age.parse_recipient(to_bech32("age1pq", lattice + bytes.fromhex(point)))


@every_row("point", LOW_ORDER)
def test_a_share_of_low_order_is_refused(point):
    share = to_base64(from_base64(SHARE.encode())[:-32] + bytes.fromhex(point)).decode()

    with pytest.raises(age.Damaged, match="not a sound X25519 point"):
        age.unseal(_with_stanza(age.STANZA_KIND, share), [KEY])


def test_a_lattice_key_with_numbers_out_of_range_is_refused():
    curve = KEY.recipient.octets[-32:]

    with pytest.raises(age.BadKey, match="ML-KEM"):
        age.parse_recipient(to_bech32("age1pq", b"\xff" * 1184 + curve))


def test_an_identity_file_holds_keys_and_comments():
    one, other = str(KEY), str(KEY)
    text = f"\ufeff# created: 2026-11-25\r\n# public key: age1…\r\n{one}\r\n\r\n  {other}  \n"

    assert list(map(str, age.parse_identity_file(text))) == [one, other]


def test_a_fault_in_an_identity_file_names_the_line_and_not_the_key():
    secret = str(KEY)

    with pytest.raises(age.BadKey, match="line 3") as caught:
        age.parse_identity_file(f"# mine\n{secret}\n{secret[:-1]}\n")

    assert secret[20:40] not in str(caught.value)
    with pytest.raises(age.BadKey, match="no identity"):
        age.parse_identity_file("# nothing\n")


# Passphrases and armor


def test_a_passphrase_locks_and_unlocks():
    locked = age.lock(b"AGE-SECRET-KEY-1...", "rätt häst batteri häftapparat")

    assert locked.startswith("-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert b" 18\n" in age.dearmor(locked)
    assert age.unlock(locked, "rätt häst batteri häftapparat") == b"AGE-SECRET-KEY-1..."


def test_lines_may_end_as_elsewhere():
    locked = age.lock(b"tips", "lösen", 2)

    assert age.unlock(locked.replace("\n", "\r\n"), "lösen") == b"tips"


def test_another_passphrase_is_a_wrong_key():
    locked = age.lock(b"tips", "lösen", 2)

    with pytest.raises(age.WrongKey):
        age.unlock(locked, "Lösen")
    with pytest.raises(age.WrongKey):
        age.unseal(age.dearmor(locked), [KEY])
    with pytest.raises(age.WrongKey):
        age.unlock(age.armor(_sealed()), "lösen")


def test_an_empty_passphrase_is_refused():
    with pytest.raises(age.BadKey, match="empty"):
        age.lock(b"tips", "")


@every_row("factor", ["21", "23", "64", "0", "01", "+1", "1x", "", "1000000000"])
def test_a_work_factor_that_is_too_large_or_malformed_is_refused(factor):
    arguments = tuple(filter(None, ("scrypt", "A" * 22, factor)))
    header = write_header([Stanza(arguments, bytes(32))], bytes(16))

    with pytest.raises(age.Damaged, match=r"work factor|malformed"):
        age.unlock(age.armor(header), "lösen")
    with pytest.raises(age.BadKey, match="range"):
        age.lock(b"", "lösen", 21)


@every_row(("salt", "size"), [("A" * 21, 32), ("A" * 23, 32), ("A" * 21 + "B", 32), ("A" * 22, 31)])
def test_a_salt_or_a_body_of_the_wrong_length_is_refused(salt, size):
    header = write_header([Stanza(("scrypt", salt, "2"), bytes(size))], bytes(16))

    with pytest.raises(age.Damaged):
        age.unlock(age.armor(header), "lösen")


@every_row("size", [0, 1, 47, 48, 49, 96, 1000])
def test_armor_goes_both_ways(size):
    if size:
        text = age.armor(_octets(size))
        assert age.dearmor(f" \r\n{text}\t\n\n") == _octets(size)
        assert age.is_armored(text)
        assert all(len(line) <= 64 for line in text.splitlines())


TEXT = age.armor(bytes(100))
LAST = TEXT.splitlines()[-2]


@every_row(
    "text",
    [
        "",
        TEXT.replace("BEGIN", "BEGUN"),
        TEXT.replace("AGE", "PGP"),
        TEXT.replace("-----END", "----END"),
        TEXT.replace("-----\n", "-----\n\n", 1),
        TEXT.replace("-----\n", "-----\nVersion: 1\n\n", 1),
        TEXT.replace("=\n", "\n"),
        TEXT.replace("\n-----END", "A\n-----END"),
        TEXT.replace("\n-----END", "\n\n-----END"),
        TEXT.replace(LAST, LAST[:-3] + chr(ord(LAST[-3]) + 1) + "=="),  # bits that are not used
        TEXT + "more",
        "more" + TEXT,
        TEXT[:-30],
        "\n".join(line[:32] + "\n" + line[32:] for line in TEXT.splitlines()),
        TEXT.replace(TEXT.splitlines()[1], TEXT.splitlines()[1][:-1] + "å"),
        TEXT.replace(TEXT.splitlines()[1], TEXT.splitlines()[1][:-1] + " "),
        TEXT.splitlines()[0] + "\n" + TEXT.splitlines()[-1],
    ],
)
def test_armor_of_any_other_form_is_refused(text):
    with pytest.raises(age.Damaged):
        age.dearmor(text)
