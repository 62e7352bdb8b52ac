"""What a handler signs of tips has one spelling, and says nothing that it may not."""

from datetime import date, datetime
from uuid import UUID

import pytest

from tests.rings import handler_key, ring_for
from tests.tables import every_row
from tips.sealing import age
from tips.sealing.statements import ChainLink, read_statement, sign_statement
from tips.sealing.trust import NOTHING_BEFORE, TrustError, spell

ONE, OTHER = UUID("5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11"), UUID(int=2**127)
SIGNATURE = handler_key().sign("step", b"")
ROW = {"arrival": "ab" * 32, "previous": NOTHING_BEFORE, "tip": str(ONE)}
SAID = {
    "act": "no_action", "author": "anna-ek", "format": "sapo-steps/1", "keyring": 3, "tips": [ROW],
    "value": "known", "written": "2026-12-01T14:15",
}  # fmt: skip


def _read(**changed):
    said = {name: value for name, value in {**SAID, **changed}.items() if value is not None}
    return read_statement(spell(said), SIGNATURE)


def test_a_statement_says_who_did_what_with_which_tips_after_what_and_on_which_day():
    found = _read(tips=[ROW, {**ROW, "arrival": "", "tip": str(OTHER)}])

    assert (found.act, found.author, found.keyring, found.value) == (
        "no_action", "anna-ek", 3, "known",
    )  # fmt: skip
    assert found.written_on == date(2026, 12, 1)
    assert found.tips == {
        ONE: ChainLink("ab" * 32, NOTHING_BEFORE),
        OTHER: ChainLink("", NOTHING_BEFORE),
    }


@pytest.mark.parametrize(
    ("time", "quarter"), [("14:14:59", "14:00"), ("14:15:00", "14:15"), ("23:59:59", "23:45")]
)
def test_a_statement_is_of_a_quarter_of_an_hour_and_its_tips_stand_in_order(time, quarter):
    links = {tip: ChainLink("", NOTHING_BEFORE) for tip in (OTHER, ONE)}
    found = sign_statement(
        handler_key(), act="close", author="anna-ek", keyring=3, tips=links,
        written=datetime.fromisoformat(f"2026-12-01T{time}"),
    )  # fmt: skip
    assert f'"written":"2026-12-01T{quarter}"'.encode() in found.octets
    assert list(found.tips) == [ONE, OTHER]
    assert handler_key().public.holds(found.signature, "step", found.octets)


@every_row(
    "changed",
    [
        {"act": "x"}, {"act": "a" * 25}, {"act": "Close"}, {"act": "no-action"}, {"act": 7},
        {"author": "a"}, {"author": "a" * 33}, {"author": "Anna"}, {"author": "anna ek"},
        {"format": "sapo-steps/2"}, {"format": "sapo-step/2"}, {"keyring": "3"},
        {"keyring": True}, {"value": "x" * 151}, {"value": 7},
        {"written": "2026-12-01"}, {"written": "2026-12-01T14:16"}, {"written": "2026-12-01 14:15"},
        {"written": "2026-12-01T24:00"}, {"written": "2026-13-01T14:15"},
        {"written": "2026-02-30T14:15"}, {"written": "2026-12-01T14:15:00"},
        {"written": "2026-12-01T14:15Z"}, {"root": 1}, {"tip": str(ONE)},
        *({name: None} for name in SAID),
        {"tips": []}, {"tips": {}}, {"tips": [str(ONE)]}, {"tips": [ROW, ROW]},
        {"tips": [{**ROW, "tip": str(OTHER)}, ROW]},
        {"tips": [{**ROW, "tip": str(UUID(int=n))} for n in range(501)]},
        *({"tips": [{**ROW, "tip": tip}]} for tip in (
            "", "x", str(ONE).upper(), ONE.hex, f"{{{ONE}}}", f"urn:uuid:{ONE}", 7,
        )),
        *({"tips": [{**ROW, name: value}]} for name in ("arrival", "previous") for value in (
            "ab" * 31, "AB" * 32, "xy" * 32, 7,
        )),
        {"tips": [{**ROW, "previous": ""}]}, {"tips": [{**ROW, "state": "read"}]},
        {"tips": [{name: value for name, value in ROW.items() if name != "arrival"}]},
    ],
    ids=lambda changed: f"{changed!s:.90}",
)  # fmt: skip
def test_what_a_statement_may_not_say_is_refused(changed):
    with pytest.raises(TrustError) as refused:
        _read(**changed)
    assert refused.value.code == "format"


def test_five_hundred_tips_and_the_longest_value_fit():
    rows = [{**ROW, "tip": str(UUID(int=n))} for n in range(500)]
    found = _read(tips=rows, value="å" * 150, act="a" * 24, author="a" * 32)
    assert len(found.tips) == 500


@every_row(
    "respelled",
    [
        lambda octets: octets.rstrip(), lambda octets: octets + b"\n", lambda octets: b" " + octets,
        lambda octets: octets.replace(b'":', b'": ', 1),
        lambda octets: octets.replace(b'"known"', b'"kn\\u006fwn"'),
        lambda octets: octets.replace(b'"value":"known"', b'"value":"known","value":"known"'),
        lambda octets: octets.replace(b'{"act":"no_action",', b"{").replace(
            b"}\n", b',"act":"no_action"}\n'
        ),
        lambda octets: octets.replace(b"known", "a\u0308".encode()),
        lambda octets: octets.replace(b"known", b"a\\nb"), lambda octets: octets.replace(b"3", b"3.0"),
        lambda octets: octets.replace(b"known", b"\xff"), lambda octets: b"", lambda octets: b"[]\n",
    ],
    ids=range(13),
)  # fmt: skip
def test_a_statement_has_one_spelling(respelled):
    octets = spell(SAID)
    assert read_statement(octets, SIGNATURE).value == "known"
    with pytest.raises(TrustError) as refused:
        read_statement(respelled(octets), SIGNATURE)
    assert refused.value.code == "spelling"


@every_row(
    ("number", "changed", "is_by"),
    [(1, {}, True), (1, {"keyring": 2}, False), (2, {}, False), (1, {"author": "anna"}, False)],
)
def test_a_statement_is_by_an_entry_of_the_keyring_that_it_names(number, changed, is_by):
    said = {**SAID, "author": "tipsmottagare", "keyring": 1, **changed}
    octets = spell(said)
    found = read_statement(octets, handler_key(number).sign("step", octets))
    assert found.is_by(ring_for([age.generate_identity().recipient])) is is_by


def test_a_statement_has_no_room_for_more_than_it_says():
    for changed in ({"x-tool": "7"}, {"tips": [{**ROW, "x-words": "Jag såg en bil"}]}):
        with pytest.raises(TrustError):
            _read(**changed)
