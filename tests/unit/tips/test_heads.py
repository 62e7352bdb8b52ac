"""A tip's heads: one payload, and a complete age file for each of those who read."""

import io

import pytest

from tests.rings import ring_for
from tests.tables import every_row
from tips.sealing import age, heads

HEAD = b'{"subject": "hot"}'.ljust(1024)


def _ring():
    identities = [age.generate_identity() for _each in range(3)]
    return ring_for([each.recipient for each in identities]), identities


def _file(sealed):
    return io.BytesIO(heads.front_of(sealed.headers) + sealed.payload)


def test_each_head_is_a_file_that_its_key_opens_and_no_other():
    ring, identities = _ring()

    files = dict(heads.read_heads(_file(heads.seal_heads(HEAD, ring))).files())

    ids = [heads.entry_id(identity.recipient) for identity in identities]
    assert list(files) == [f"head.{each}.age" for each in ids]
    for identity, sealed in zip(identities, files.values(), strict=True):
        assert age.unseal(sealed, [identity]) == HEAD
        for other in identities:
            if other is not identity:
                with pytest.raises(age.WrongKey):
                    age.unseal(sealed, [other])


def test_all_heads_have_one_payload_and_one_size():
    sealed = heads.seal_heads(HEAD, _ring()[0])

    payloads, sizes = set(), set()
    for _name, octets in sealed.files():
        source = io.BytesIO(octets)
        age.split_header(source)
        payloads.add(source.read())
        sizes.add(len(octets))

    assert payloads == {sealed.payload}
    assert sizes == {2683}


def test_one_is_given_the_own_head_and_a_stranger_one_that_opens_nothing():
    ring, identities = _ring()
    sealed = heads.seal_heads(HEAD, ring)
    own = heads.entry_id(identities[1].recipient)

    assert age.unseal(sealed.part(["someone-else", own]), [identities[1]]) == HEAD
    assert sealed.part(["someone-else"]) == sealed.part([]) == next(sealed.files())[1]


def test_what_stands_in_front_is_told_from_the_payload():
    sealed = heads.seal_heads(HEAD, _ring()[0])
    file = _file(sealed)

    front = heads.split(file)

    assert file.read() == sealed.payload
    assert heads.split(io.BytesIO(front)) == front
    one = io.BytesIO(sealed.part([]))
    assert heads.split(one) + one.read() == sealed.part([])


@every_row(
    "octets",
    [
        b"", b"age-encryption.org/v1\n", b"sapo-heads/1\n", b"sapo-heads/1\n\n", b"sapo-heads/2\nanna-ek 1\n\nx",
        b"sapo-heads/1\nanna-ek 5\n\nabcd", b"sapo-heads/1\nanna-ek 05\n\nabcde",
        b"sapo-heads/1\nanna-ek 1\nanna-ek 1\n\nab", b"sapo-heads/1\nANNA 1\n\na",
        b"sapo-heads/1\n../x 1\n\na", b"sapo-heads/1\nanna-ek 1", b"sapo-heads/1\nanna-ek -1\n\na",
        b"sapo-heads/1\n" + b"".join(b"a%d 1\n" % n for n in range(10, 51)) + b"\n" + b"a" * 41,
    ],
    ids=range(13),
)  # fmt: skip
def test_a_list_that_was_not_written_here_is_damaged(octets):
    with pytest.raises(age.Damaged):
        heads.read_heads(io.BytesIO(octets))


def test_new_headers_count_when_there_is_one_of_the_right_kind_for_each():
    ring, identities = _ring()
    headers, _payload = age.seal_to_each(HEAD, ring.recipients)
    of_other_kind = [header.replace(b"mlkem768x25519", b"X25519") for header in headers]
    for_all = age.split_header(io.BytesIO(age.seal(HEAD, ring.recipients)))

    row = heads.for_each(ring, b"".join(headers))

    assert list(row.values()) == headers
    assert list(row) == [heads.entry_id(identity.recipient) for identity in identities]
    for wrong in (
        [], headers[:2], [*headers, headers[0]], [*headers, b"x"], [headers[0][1:], *headers[1:]],
        of_other_kind, [for_all], [for_all] * 3,
    ):  # fmt: skip
        assert heads.for_each(ring, b"".join(wrong)) is None
