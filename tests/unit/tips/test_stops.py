"""Browser and server judge a stop alike: what it says, and who has signed it."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.rings import PEOPLE, SIGNER_KEYS, SIGNER_NAMES, entry, handler_key, trust_in
from tests.stops import signed_by
from tips.sealing import age, stops, trust
from tips.sealing.keyring import KeyringEntry
from tips.sealing.trust import TrustError

from .test_opener_parts import in_node

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "stops.json").read_text())
HANDLERS = ["anna-ek", "bo-by", "eva-dahl", "gun-ny", "per-ros"]
KEYS = {
    **{name: handler_key(number) for number, name in enumerate(HANDLERS, start=1)},
    **dict(zip(SIGNER_NAMES, SIGNER_KEYS, strict=True)),
}
NODE = """
const stops = await import("./trust/stops.js");
const keyring = await import("./trust/keyring.js");
const t = await import("./trust/trust.js");
const judged = async (act) => { try { return await act(); } catch (error) {
  if (error instanceof t.Untrusted) return error.code; throw error; } };
"""


@pytest.fixture(scope="module")
def trusted(tmp_path_factory):
    """A keyring of four handlers and a vault, which a fifth has left."""
    entries = [
        entry(name, name.replace("-", " ").title(), age.generate_identity().recipient, number)
        for number, name in enumerate(HANDLERS, start=1)
    ]
    vault = age.generate_identity().recipient
    entries.append(KeyringEntry("reservnyckel", "Reservnyckel", vault, date(2026, 11, 1), None))
    made = trust_in(tmp_path_factory.mktemp("stopp"), entries)
    made.follow(removed=["gun-ny"])
    return made


def _signed(ring):
    """Each row of the vectors as octets and a file of signatures, and what it is judged to be."""
    for name, kind, by, changed, judged in VECTORS["signed"]:
        said = {"handler": "eva-dahl", "keyring": ring.hash, "made_on": "2026-12-02", **changed}
        octets = trust.spell({"format": stops.STOP_FORMAT, "reason": "left", **said})
        yield name, octets, signed_by(octets, *(KEYS[each] for each in by), kind=kind), judged


def _judged(act):
    try:
        return act()
    except TrustError as fault:
        return fault.code


def test_what_a_stop_says_is_read_alike():
    texts = VECTORS["good"] + VECTORS["bad"]
    here = [_judged(lambda text=text: stops.read_stop(text.encode()).handler) for text in texts]
    there = in_node(
        NODE + "return Promise.all(given.texts.map((text) =>"
        " judged(async () => stops.readStop(t.encode(text)).handler)));",
        texts=texts,
    )
    assert here == there
    good = len(VECTORS["good"])
    assert set(here[:good]) == {"eva-dahl", "eva-dahl-2"}
    assert set(here[good:]) == {"format", "spelling"}


def test_who_has_signed_a_stop_is_judged_alike(trusted):
    ring, names = trusted.ring, {person.key.id: person.name for person in PEOPLE}
    rows = list(_signed(ring))
    expected = {name: judged for name, _octets, _file, judged in rows}

    def by(octets, file):
        return [
            names.get(each, each) for each in stops.signed_stop(octets, file, ring, trusted.by).by
        ]

    here = {name: _judged(lambda o=octets, f=file: by(o, f)) for name, octets, file, _ in rows}
    assert here == expected
    there = in_node(
        NODE + "const ring = { ...keyring.parseKeyring(t.encode(given.ring)),"
        " by: keyring.parseSigners(t.encode(given.signers)).people };"
        "return Promise.all(given.rows.map(([text, file]) => judged(async () =>"
        " (await stops.signedStop(text, file, ring)).by.map((each) => each.id ?? each.name))));",
        ring=ring.octets.decode(),
        signers=trusted.by.octets.decode(),
        rows=[(octets.decode(), file.decode()) for _name, octets, file, _ in rows],
    )
    assert dict(zip(expected, there, strict=True)) == expected


def test_half_a_signature_is_none(trusted):
    octets = stops.spell_stop("eva-dahl", trusted.ring.hash, date(2026, 12, 2), "left")
    file = json.loads(signed_by(octets, KEYS["anna-ek"]))
    other = json.loads(signed_by(octets, KEYS["bo-by"]))
    for half in ("ed25519", "mldsa65"):
        [row], [others] = file["signatures"], other["signatures"]
        mixed = trust.spell({**file, "signatures": [{**row, half: others[half]}]})
        assert (
            _judged(lambda m=mixed: stops.signed_stop(octets, m, trusted.ring, trusted.by))
            == "signature"
        )
