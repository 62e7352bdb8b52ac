"""The browser believes the same as the server: the same spellings, keys, signatures and keyrings."""

import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.rings import (
    PEOPLE,
    SIGNER_KEYS,
    TrustFolder,
    entry,
    signed_keyring,
    signed_signers,
    trust_in,
)
from tests.tables import every_row
from tips.sealing import (
    age,
    ceremony,
    fingerprint,
    keyring,
    likeness,
    succession,
    trust,
    trust_folder,
)
from tips.sealing.signers import Pin
from tips.sealing.trust_folder import SeenKeyring

from .test_opener_parts import in_node
from .test_trust import KEY, OCTETS, OTHER_KEY, OTHER_SIGNATURE, SIGNATURE, bad_files

VECTORS = Path(__file__).parents[2] / "vectors"
SPELLING = json.loads((VECTORS / "spelling.json").read_text())
SIGNED = json.loads((VECTORS / "signatures.json").read_text())
DAY = date(2026, 11, 25)
LAST = DAY + timedelta(days=200)
ANNA, BO, CILLA = (age.generate_identity() for _ in range(3))

# A browser that has no Ed25519 of its own: Chromium before 137, Safari before 17.
OLDER = """
const { importKey } = crypto.subtle;
crypto.subtle.importKey = (format, key, how, ...more) => how === "Ed25519"
  ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"))
  : importKey.call(crypto.subtle, format, key, how, ...more);
"""
# Beside the sources: what is read, as the code by which it is refused, or nothing.
_CODE = """
const t = await import("./trust/trust.js");
const code = async (act) => { try { await act(); return null; } catch (error) {
  if (error instanceof t.Untrusted) return error.code; throw error; } };
"""


def test_every_spelling_is_judged_alike():
    answer = in_node(
        _CODE + "const judged = (all) => Promise.all(all.map((octets) => "
        "code(() => t.read(new Uint8Array(Buffer.from(octets, 'hex'))))));"
        "return { good: await judged(given.good), bad: await judged(given.bad) };",
        good=[text.encode().hex() for text in SPELLING["good"]],
        bad=[octets for _reason, octets in SPELLING["bad"]],
    )

    assert set(answer["good"]) == {None}
    reasons = [reason for reason, _octets in SPELLING["bad"]]
    judged = dict(zip(reasons, answer["bad"], strict=True))
    assert {reason for reason, code in judged.items() if code != "spelling"} == set()


def test_files_texts_members_hashes_and_keys_have_their_limits_here_too():
    text = SIGNED["key"]["ed25519"]
    rows = [{"name": "Anna", "x-later": 1}, {"name": "Anna", "demo": True}, {"name": ["Anna"]},
            {"name": "Anna", "age": 1}, {}, {"name": 1}, {"name": "Anna", "demo": 1}, [], None, "name",
            {"name": "Anna", "toString": "x"}]  # fmt: skip
    answer = in_node(
        _CODE + "const size = 512 * 1024; const file = (more) => t.spell({"
        " a: Array(127).fill('x'.repeat(4096)), b: 'x'.repeat(more) });"
        "const fits = size - file(0).length; const lines = t.spell({ a: 'b\\nc' });"
        "const long = t.spell({ a: 'x'.repeat(30) }); return {"
        "sizes: [await code(() => t.read(file(fits))), await code(() => t.read(file(fits + 1)))],"
        "deep: await Promise.all([[[[[[1]]]]], [[[[[[1]]]]]]].map((a) => code(() => t.read(t.spell({ a }))))),"
        "others: await Promise.all(['[1]', '\"a\"', '1', 'true', 'null'].map((text) => code(() => t.read(t.encode(`${text}\\n`))))),"
        "lines: [t.read(lines, { lines: true }), await code(() => t.read(lines))],"
        'names: await Promise.all(given.names.map((name) => code(() => t.read(t.encode(`{"${name}":1}\\n`))))),'
        "longest: [t.read(long, { longest: 30 }).a.length, await code(() => t.read(long, { longest: 29 }))],"
        "rows: await Promise.all(given.rows.map(async (row) =>"
        " (await code(() => t.members(row, { name: 'string' }, { demo: 'boolean' }))) ??"
        " t.members(row, { name: 'string' }, { demo: 'boolean' }))),"
        "lists: t.members({ a: [1] }, { a: 'array' }),"
        "hashes: await Promise.all(given.hashes.map((hash) => code(() => t.hashIn(hash)))),"
        "whole: t.hashIn(given.hashes[0]) === given.hashes[0],"
        "texts: await Promise.all(given.texts.map((text) => code(() => t.fromText(text, 32)))) };",
        rows=rows,
        names=["a" * 32, "a0_-", "a" * 33, "Aa", "0a", "aA", ""],
        hashes=[SIGNED["hash"], SIGNED["hash"].upper(), SIGNED["hash"][1:], f"0{SIGNED['hash']}"],
        texts=[
            text,
            text + "=",
            text[:-1],
            text + "AA",
            "+" + text[1:],
            " " + text,
            text[:-1] + "B",
        ],
    )

    assert answer["sizes"] == [None, "spelling"]
    assert answer["deep"] == [None, "spelling"]
    assert answer["others"] == ["spelling"] * 5
    assert answer["lines"] == [{"a": "b\nc"}, "spelling"]
    assert answer["names"] == [None, None, *["spelling"] * 5]
    assert answer["longest"] == [30, "spelling"]
    assert answer["rows"] == [{"name": "Anna"}, rows[1], *["format"] * 9]
    assert answer["lists"] == {"a": [1]}
    assert answer["hashes"] == [None, *["format"] * 3]
    assert answer["whole"]
    assert answer["texts"] == [None, *["format"] * 6]


def test_a_file_of_signatures_is_judged_alike():
    both = {KEY.id: SIGNATURE, OTHER_KEY.id: OTHER_SIGNATURE}
    files = {"whole": (None, trust.spell_signatures("keyring", OCTETS, both)), **bad_files()}
    answer = in_node(
        _CODE + "const known = [t.publicKey(given.v.key), t.publicKey(given.v.other_key)];"
        "const read = (file, threshold) => t.readSignatures("
        " t.encode(file), 'keyring', t.encode(given.v.octets), known, threshold);"
        "const codes = {}; for (const [name, file] of Object.entries(given.files))"
        " codes[name] = await code(() => read(file, 2));"
        "const signed = await read(given.files.whole, 2);"
        "return { codes, signed: [...signed], three: await code(() => read(given.files.whole, 3)) };",
        v=SIGNED, files={name: file.decode() for name, (_code, file) in files.items()},
    )  # fmt: skip

    assert answer["codes"] == {name: code for name, (code, _file) in files.items()}
    assert answer["signed"] == sorted(both)
    assert answer["three"] == "few"


@every_row("browser", ["", OLDER], ids=["newer", "older"])
def test_signatures_of_the_server_hold_in_the_browser_and_halves_of_them_do_not(browser):
    answer = in_node(
        browser
        + _CODE
        + "const v = given.v; const key = t.publicKey(v.key), other = t.publicKey(v.other_key);"
        "const octets = new TextEncoder().encode(v.octets);"
        "const sig = (ed25519, mldsa65) => ({ ed25519: t.fromText(ed25519, 64),"
        " mldsa65: t.fromText(mldsa65, 3309) });"
        "const whole = sig(v.ed25519, v.mldsa65), theirs = sig(v.other_ed25519, v.other_mldsa65);"
        "return { ids: [key.id, other.id, t.hashOf(octets)], good: ["
        " await t.holds(key, whole, 'keyring', octets), await t.holds(other, theirs, 'keyring', octets)],"
        "bad: [await t.holds(key, whole, 'release', octets), await t.holds(other, whole, 'keyring', octets),"
        " await t.holds(key, whole, 'keyring', octets.slice(1)),"
        " await t.holds(key, { ...whole, ed25519: theirs.ed25519 }, 'keyring', octets),"
        " await t.holds(key, { ...whole, mldsa65: theirs.mldsa65 }, 'keyring', octets),"
        " await t.holds(key, { ...whole, mldsa65: new Uint8Array(3309) }, 'keyring', octets),"
        " await t.holds({ ...key, mldsa65: octets }, whole, 'keyring', octets),"
        " await t.quickHalfHolds({ ...key, ed25519: octets }, whole.ed25519, 'keyring', octets)],"
        "odd: await Promise.all(v.bad_ed25519.map(([_why, half]) =>"
        " t.quickHalfHolds(key, t.fromText(half, 64), 'keyring', octets))),"
        "weak: await Promise.all(v.weak_keys.map((hex) => code(() => t.publicKey("
        " { ...v.key, ed25519: t.toText(new Uint8Array(Buffer.from(hex, 'hex'))) })))) };",
        v=SIGNED,
    )

    other_id = trust.PublicKey.of(SIGNED["other_key"]).id
    assert answer["ids"] == [SIGNED["id"], other_id, SIGNED["hash"]]
    assert answer["good"] == [True, True]
    assert answer["bad"] == [False] * 8
    reasons = [reason for reason, _half in SIGNED["bad_ed25519"]]
    assert dict(zip(reasons, answer["odd"], strict=True)) == dict.fromkeys(reasons, False)
    assert answer["weak"] == ["key"] * len(SIGNED["weak_keys"])


def test_a_thousand_hashes_are_the_same_words():
    digests = [trust.sha256_of(str(number).encode()) for number in range(1000)]

    answer = in_node(
        _CODE + 'const list = readFileSync("../sealing/ordlista.txt", "utf8");'
        "return given.digests.map((digest) => t.wordRows(digest, list));",
        digests=digests,
    )

    assert answer == [fingerprint.word_rows(digest) for digest in digests]
    other = in_node(_CODE + 'return await code(() => t.wordRows("0".repeat(64), "ett\\n"));')
    assert other == "other"


# Keyrings


@dataclasses.dataclass
class Case:
    """Files that a server hands out, what is known beforehand, and by which code they are refused."""

    files: dict[str, str]
    pins: list[str]
    code: str | None
    seen: SeenKeyring | None = None
    today: date = DAY


def _folder(path: Path) -> TrustFolder:
    entries = [
        entry("anna-ek", "Anna Ek", ANNA.recipient, 1, DAY),
        entry("bo-alm", "Bo Alm", BO.recipient, 2, DAY),
    ]
    return trust_in(path, entries, made_on=DAY)


def _following(folder: TrustFolder, **changes: Any) -> keyring.Keyring:
    given = {"made_on": DAY, "not_after": LAST, "by": folder.by.hash, **changes}
    return succession.following(folder.ring, **given)


def _files(folder: TrustFolder) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.path.iterdir() if path.name != "root"}


def _cases(path: Path) -> dict[str, Case]:
    """What there is at first, after another keyring, and after other signers, and what is not right."""
    folder = _folder(path / "trust")
    first, pin = _files(folder), str(folder.by.pin)
    one = folder.ring
    seen = SeenKeyring(1, one.hash, 1)
    sig = "keyring-1.json.sig"
    swapped = json.loads(first[sig])
    rows = swapped["signatures"]
    rows[0]["mldsa65"], rows[1]["mldsa65"] = rows[1]["mldsa65"], rows[0]["mldsa65"]
    by_one = {sig: signed_keyring(one, folder.by, (0,)).decode()}
    release = None
    for key in SIGNER_KEYS[:2]:
        release = ceremony.sign("release", one.octets, release, folder.by.keys, key)
    cases = {
        "whole": Case(first, [pin, pin], None),
        "seen before": Case(first, [pin, pin], None, seen),
        "last day": Case(first, [pin], None, today=LAST + keyring.GRACE),
        "the day before it was made": Case(first, [pin], None, today=DAY - timedelta(days=1)),
        "too early": Case(first, [pin], "early", today=DAY - timedelta(days=2)),
        "out of date": Case(
            first, [pin], "expired", today=LAST + keyring.GRACE + timedelta(days=1)
        ),
        "signed by one": Case({**first, **by_one}, [pin], "few"),
        "halves of two": Case({**first, sig: trust.spell(swapped).decode()}, [pin], "signature"),
        "another kind": Case({**first, sig: release.decode()}, [pin], "other"),
        "unsigned": Case({k: v for k, v in first.items() if k != sig}, [pin], "unsigned"),
        "nothing": Case({}, [pin], "root"),
        "another root": Case(first, [pin, f"1:{'0' * 64}"], "root"),
        "a root to come": Case(first, [pin, f"2:{'0' * 64}"], "root"),
        "another was seen": Case(first, [pin], "twin", SeenKeyring(1, "0" * 64, 1)),
        "newer was seen": Case(first, [pin], "older", SeenKeyring(2, one.hash, 1)),
        "newer signers were seen": Case(first, [pin], "older", SeenKeyring(1, one.hash, 2)),
    }
    for number, changed in enumerate(_unsound(one)):
        folder.put(changed) if isinstance(changed, keyring.Keyring) else _put(folder, changed)
        cases[f"unsound {number}"] = Case(_files(folder), [pin], "format")
        folder.put(one)
    unsigned = _following(folder)
    folder.put(_following(folder, removed=["bo-alm"]))
    second, third = _files(folder), None
    new = entry("cilla", "Cilla", CILLA.recipient, 3, DAY)
    folder.put(_following(folder, added=[new]))
    third = _files(folder)
    cases |= {
        "the next": Case(second, [pin], None, seen),
        "two further": Case(third, [pin], None, seen),
        "one is missing": Case(
            {k: v for k, v in third.items() if k != "keyring-2.json"}, [pin], "link", seen
        ),
        "one is another": Case(
            {**third, "keyring-2.json": first["keyring.json"]}, [pin], "link", seen
        ),
        "one that nobody signed": Case(
            {**third, "keyring-2.json": unsigned.octets.decode()}, [pin], "link", seen
        ),
        "it follows another": Case(third, [pin], "link", SeenKeyring(2, "0" * 64, 1)),
        "yesterday's": Case(first, [pin], "older", SeenKeyring(3, folder.ring.hash, 1)),
    }
    signers = ceremony.next_signers(folder.by, [PEOPLE[0], PEOPLE[1], PEOPLE[3]], DAY)
    (folder.path / "signers-2.json").write_bytes(signers.octets)
    for by, code in (((0, 1, 3), None), ((0, 3), "few"), ((0, 1), "few"), ((3,), "few")):
        (folder.path / "signers-2.json.sig").write_bytes(signed_signers(signers, by, folder.by))
        cases[f"signers by {by}"] = Case(_files(folder), [pin], code)
    (folder.path / "signers-2.json.sig").write_bytes(signed_signers(signers, (0, 1, 3), folder.by))
    by_former = _files(folder)
    ring, folder.by = _following(folder, by=signers.hash), signers
    folder.put(ring, (1, 3))
    fourth = _files(folder)
    lost = {k: v for k, v in fourth.items() if not k.startswith("signers-2")}
    return cases | {
        "other signers": Case(fourth, [pin, str(signers.pin)], None, seen),
        "in the other order": Case(fourth, [str(signers.pin), pin], None),
        "former signers": Case(by_former, [pin, str(signers.pin)], "signers"),
        "who have pinned them": Case(fourth, [str(signers.pin)], None),
        "before they were": Case(third, [str(signers.pin)], "root"),
        "their file is lost": Case(lost, [pin], "signers"),
        "their signatures are lost": Case(
            {k: v for k, v in fourth.items() if k != "signers-2.json.sig"}, [pin], "signers"
        ),
    }


def _unsound(ring: keyring.Keyring) -> list[bytes]:
    content = json.loads(ring.octets)
    first, second = content["entries"]
    without = {name: value for name, value in first.items() if name != "ed25519"}
    changes: list[dict[str, Any]] = [
        {"format": "sapo-keyring/1"}, {"format": "sapo-keyring/2"}, {"more": 1}, {"demo": False},
        {"entries": []}, {"entries": [second, first]}, {"entries": [first, first]},
        {"entries": [without, second]}, {"entries": [{**first, "kind": "vault"}, second]},
        {"entries": [{**first, "kind": "day"}, second]}, {"entries": [{**first, "id": "A"}, second]},
        {"entries": [{**first, "name": "BO ALM"}, second]}, {"entries": [{**first, "name": " A"}, second]},
        {"entries": [{**first, "recipient": second["recipient"]}, second]},
        {"entries": [{**first, "since": "2026-13-01"}, second]},
        *({"entries": [{**first, **passkeys}, second]} for passkeys in _unfit_passkeys()),
        {"entries": [{**first, "passkeys": _passkeys(1)}, {**second, "passkeys": _passkeys(1)}]},
        {"entries": [{**first, "follows": "cilla"}, second]}, {"entries": [{**first, "follows": ""}, second]},
        {"former": [{"id": "anna-ek", "name": "Anna", "until": 1}]},
        {"former": [{"id": "cilla", "name": "Cilla", "until": 1}]}, {"intake": {}},
        {"made_on": "2026-11-31"}, {"not_after": "2027-06-14"}, {"not_after": "2026-11-24"},
        {"previous": "1" * 64}, {"signers": "x"},
    ]  # fmt: skip
    without = {name: value for name, value in first.items() if name != "passkeys"}
    changes.append({"entries": [without, second]})
    return [trust.spell({**content, **change}) for change in changes]


def _passkeys(*numbers: int) -> list[dict[str, str]]:
    return [
        {"credential": trust.to_text(bytes([each]) * 16), "key": trust.to_text(bytes([each]) * 77)}
        for each in numbers
    ]


def _unfit_passkeys() -> list[dict[str, object]]:
    (one,) = _passkeys(1)
    short = trust.to_text(bytes(15))
    unfit: list[list[object]] = [
        [*_passkeys(2, 1)], [one, one], [*_passkeys(1, 2, 3, 4, 5)], [{**one, "label": "x"}], ["x"],
        [{**one, "credential": short}], [{**one, "key": short}], [{**one, "key": "="}],
    ]  # fmt: skip
    return [{"passkeys": each} for each in unfit]


def _put(folder: TrustFolder, octets: bytes) -> None:
    """Lays the octets there, signed as if they were a keyring."""
    file = None
    for key in SIGNER_KEYS[:2]:
        file = ceremony.sign("keyring", octets, file, folder.by.keys, key)
    (folder.path / "keyring.json").write_bytes(octets)
    (folder.path / "keyring-1.json.sig").write_bytes(file or b"")


def _on_server(case: Case, path: Path) -> str | None:
    """The code by which the server refuses the same."""
    path.mkdir()
    for name, text in case.files.items():
        (path / name).write_text(text)
    try:
        for pin in case.pins:
            found = trust_folder.load(path, Pin.of(pin))
        if case.seen:
            trust_folder.check_seen(found, case.seen, path)
        keyring.check_day(found.ring, case.today)
    except trust.TrustError as fault:
        return fault.code
    return None


LIKENESS = json.loads((VECTORS / "likeness.json").read_text())


def test_names_and_ids_that_can_be_taken_for_one_another_are_told_alike_by_both():
    names, ids = LIKENESS["names"], LIKENESS["ids"]
    judged = in_node(
        'const l = await import("./trust/likeness.js"); return {'
        " names: given.names.map(([text]) => [l.isName(text), l.looksOf(text)]),"
        " ids: given.ids.map(([text]) => [l.isId(text), l.looksOf(text)]) };",
        names=names,
        ids=ids,
    )

    assert judged == {
        "names": [[is_one, looks] for _text, is_one, looks in names],
        "ids": [[is_one, looks] for _text, is_one, looks in ids],
    }
    for is_so, rows in ((likeness.is_name, names), (likeness.is_id, ids)):
        assert [[is_so(text), likeness.looks_of(text)] for text, *_said in rows] == [
            row[1:] for row in rows
        ]


def test_every_folder_of_keyrings_is_believed_by_both_or_by_neither(tmp_path):
    cases = _cases(tmp_path)

    codes = in_node(
        _CODE + 'const k = await import("./trust/keyring.js"); const codes = [];'
        "for (const { files, pins, seen, today } of given.cases) codes.push(await code(() =>"
        " k.believed(files, pins.map(k.pinOf), { seen, today }))); return codes;",
        cases=[
            {
                "files": case.files,
                "pins": case.pins,
                "seen": dataclasses.asdict(case.seen) if case.seen else None,
                "today": case.today.isoformat(),
            }
            for case in cases.values()
        ],
    )

    judged = dict(zip(cases, codes, strict=True))
    assert judged == {name: case.code for name, case in cases.items()}
    on_server = {
        name: _on_server(case, tmp_path / str(number))
        for number, (name, case) in enumerate(cases.items())
    }
    assert {name for name, code in on_server.items() if not code} == {
        name for name, code in judged.items() if not code
    }
    assert len([code for code in codes if code]) >= 40


def test_one_octet_changed_at_each_of_five_hundred_places_is_refused(tmp_path):
    folder = _folder(tmp_path / "trust")
    octets = folder.ring.octets

    believed = in_node(
        _CODE + 'const k = await import("./trust/keyring.js"); const found = [];'
        "const pins = [k.pinOf(given.pin)]; const today = given.today;"
        "const whole = given.files['keyring.json'];"
        "for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 500)) {"
        " const other = String.fromCharCode(whole.charCodeAt(at) ^ 1);"
        " const changed = whole.slice(0, at) + other + whole.slice(at + 1);"
        " const files = { ...given.files, 'keyring.json': changed };"
        " if (!(await code(() => k.believed(files, pins, { today })))) found.push(at); } return found;",
        files=_files(folder), pin=str(folder.by.pin), today=DAY.isoformat(),
    )  # fmt: skip

    assert octets.isascii()
    assert believed == []


# What the page of the form is given


def _present(
    folder: TrustFolder,
    *,
    now: str = f"{DAY}T12:00",
    later: Any = None,
    clock: date = DAY,
    **says: Any,
) -> Any:
    """The serial that the form seals to, or why it does not; `later` is served after the first time."""
    answer = {"format": "sapo-form/1", "open": True, "keyring": folder.ring.serial, "now": now,
              "tip": "7f3c9a52-0000-4000-8000-000000000001", "token": "t" * 40, "why": "", **says}  # fmt: skip
    return in_node(
        "const wait = setTimeout; globalThis.setTimeout = (...words) => wait(...words).unref();"
        "let times = 0; globalThis.fetch = async (address) => {"
        " const name = address.split('/').at(-1);"
        " if (name === 'lage.json') return { ok: true, text: async () => JSON.stringify(given.answer) };"
        " if (name === 'keyring.json') times += 1;"
        " const files = times > 1 && given.later ? given.later : given.files;"
        " return { ok: name in files, text: async () => files[name] ?? '' }; };"
        "Date = class extends Date { constructor(...words) {"
        " super(...(words.length ? words : [given.clock])); } };"
        'const { present } = await import("./form/standing.js");'
        "try { const { ring, standing } = await present(given.pin); return ring.serial; }"
        "catch (error) { return [error.constructor.name, error.code ?? error.message]; }",
        answer=answer, files=_files(folder), later=later, pin=str(folder.by.pin),
        clock=f"{clock}T12:00:00Z",
    )  # fmt: skip


def test_nothing_is_sealed_to_an_older_keyring_than_the_number_that_the_form_is_given(tmp_path):
    folder = _folder(tmp_path / "trust")

    assert _present(folder) == 1
    assert _present(folder, keyring=2) == ["Untrusted", "older"]
    for none in (0, "1", None, 1.5):
        assert _present(folder, keyring=none) == ["Unreachable", "malformed"]


def test_a_keyring_that_comes_while_the_form_is_prepared_is_asked_for_again(tmp_path):
    folder, newer = _folder(tmp_path / "trust"), _folder(tmp_path / "newer")
    newer.put(_following(newer, removed=["bo-alm"]))

    assert _present(folder, keyring=2, later=_files(newer)) == 2


def test_a_clock_that_is_wrong_is_told_from_a_keyring_that_is(tmp_path):
    folder = _folder(tmp_path / "trust")

    late = LAST + keyring.GRACE + timedelta(days=8)
    for clock in (date(2020, 1, 1), DAY - timedelta(days=9), late):
        assert _present(folder, clock=clock) == ["WrongClock", str(clock)]
    assert _present(folder, clock=late, now=f"{late}T12:00") == ["Untrusted", "expired"]
    assert _present(folder, clock=late - timedelta(days=1)) == 1
