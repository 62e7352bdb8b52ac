"""The parts of what opens tips in a browser, one by one, run by Node."""

import base64
import hashlib
import io
import json
import re
import subprocess
import zipfile
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.rewrapping import rewrap_header
from tests.rings import ring_for
from tests.tables import every_row
from tips.keeping.sealed_files import digest_of
from tips.opener import build
from tips.sealing import age, envelope, heads
from tips.sealing.reference import reference_of

TIP = UUID("3d5a6ac2-21f4-4cb7-9d59-7f1f2ac0a001")
IDENTITY = age.generate_identity()
CONTENT = "innehåll".encode().ljust(5000, b".")


def in_node(code: str, **given: Any) -> Any:
    """What the code returns; it stands beside the sources, and is given these values."""
    script = (
        'import { readFileSync } from "node:fs";\n'
        'const given = JSON.parse(readFileSync(0, "utf8"));\n'
        "const octets = (text) => new Uint8Array(Buffer.from(text, 'base64'));\n"
        "const text = (octets) => Buffer.from(octets).toString('base64');\n"
        "const kindOf = async (act) => { try { await act(); return ''; }"
        " catch (error) { return error.constructor.name; } };\n"
        f"const answer = await (async () => {{ {code} }})();\n"
        "process.stdout.write(JSON.stringify(answer));"
    )
    build.node_modules()
    answer = subprocess.run(
        [build.node(), "--input-type=module", "-e", script],
        input=json.dumps(given), capture_output=True, text=True, cwd=build.FOLDER, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def as_text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


# What was received


def test_the_browser_and_the_server_name_the_same_content_alike():
    sealed = {f"{name}.age": age.seal(name.encode(), [IDENTITY.recipient]) for name in (
        "head", "body", "0d5a6ac2-21f4-4cb7-9d59-7f1f2ac0a001", "fd5a6ac2-21f4-4cb7-9d59-7f1f2ac0a001",
    )}  # fmt: skip
    payloads = {}
    for name, octets in sealed.items():
        source = io.BytesIO(octets)
        age.split_header(source)
        payloads[name] = hashlib.sha256(source.read()).digest()

    told = in_node(
        'const { digestOfTip } = await import("./content/envelope.js");'
        "return digestOfTip(octets(given.head), octets(given.body), given.files);",
        head=as_text(sealed["head.age"]),
        body=as_text(sealed["body.age"]),
        files=[
            {"id": name.removesuffix(".age"), "sha256": payload.hex()}
            for name, payload in reversed(payloads.items())
            if "-" in name
        ],
    )

    assert told == digest_of(payloads).hex()


# Keys and seals

CLASSIC = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"  # of X25519 alone


def test_a_header_wrapped_anew_opens_with_each_new_key_and_the_payload_stays():
    old, *new = [age.generate_identity() for _ in range(4)]
    content = b"tips " * 40_000
    sealed = age.seal(content, [age.generate_identity().recipient, old.recipient])
    header = age.split_header(io.BytesIO(sealed))

    made = base64.b64decode(
        in_node(
            'const { Key } = await import("./age/age.js");'
            "const key = await Key.open(Buffer.from(given.identity));"
            "return text(await key.rewrap(octets(given.header), given.recipients));",
            identity=str(old),
            header=as_text(header),
            recipients=[str(identity.recipient) for identity in new],
        )
    )

    resealed = made + sealed[len(header) :]
    for identity in new:
        assert age.unseal(resealed, [identity]) == content
    with pytest.raises(age.WrongKey):
        age.unseal(resealed, [old])
    own = rewrap_header(header, [old], [identity.recipient for identity in new])
    assert len(own) == len(made)
    assert re.sub(rb"[A-Za-z0-9+/]{20,}", b"*", own) == re.sub(rb"[A-Za-z0-9+/]{20,}", b"*", made)


def test_a_header_is_wrapped_neither_for_another_kind_of_keys_nor_for_nobody():
    old = age.generate_identity()
    header = age.split_header(io.BytesIO(age.seal(b"", [old.recipient])))
    mixed = [str(old.recipient), CLASSIC]
    code = (
        'const { Key, seal } = await import("./age/age.js");'
        "const key = await Key.open(Buffer.from(given.identity));"
        "return [await kindOf(() => key.rewrap(octets(given.header), given.recipients)),"
        " await kindOf(() => seal(new Uint8Array(3), given.recipients))];"
    )

    for recipients in (mixed, []):
        answer = in_node(code, identity=str(old), header=as_text(header), recipients=recipients)
        assert answer == ["BadKey", "BadKey"]


def test_a_header_that_was_changed_or_is_for_others_is_not_wrapped():
    old, other = age.generate_identity(), age.generate_identity()
    header = age.split_header(io.BytesIO(age.seal(b"", [old.recipient])))
    changed = header[:-3] + (b"A" if header[-3:-2] != b"A" else b"B") + header[-2:]

    answer = in_node(
        'const { Key } = await import("./age/age.js");'
        "const open = (identity) => Key.open(Buffer.from(identity));"
        "const wrap = async (identity, header) => kindOf(async () =>"
        "  (await open(identity)).rewrap(octets(header), given.recipients));"
        "return [await wrap(given.other, given.header), await wrap(given.old, given.changed)];",
        old=str(old), other=str(other), header=as_text(header), changed=as_text(changed),
        recipients=[str(other.recipient)],
    )  # fmt: skip

    assert answer == ["WrongKey", "Damaged"]


@pytest.mark.parametrize(
    ("content", "passphrase", "fault"),
    [
        (f"# en rad\r\n{IDENTITY}\r\n".encode(), "", ""),
        (f"\ufeff{IDENTITY}".encode(), "", ""),
        (b"AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", "", "BadKey"),
        (age.lock(str(IDENTITY).encode(), "rätt häst", 10).encode(), "rätt häst", ""),
        (age.lock(str(IDENTITY).encode(), "rätt häst", 10).encode(), "", "NeedsPassphrase"),
        (age.lock(str(IDENTITY).encode(), "rätt häst", 10).encode(), "fel häst", "WrongKey"),
        (age.lock(b"inget", "rätt häst", 10).encode(), "rätt häst", "BadKey"),
        (age.lock(str(IDENTITY).encode(), "rätt häst", 10).encode()[:-60], "rätt häst", "BadKey"),
        (str(IDENTITY.recipient).encode(), "", "BadKey"),
        (str(IDENTITY)[:-1].encode(), "", "BadKey"),
        (b"\xff\xfe\x00", "", "BadKey"),
        (b"", "", "BadKey"),
    ],
    ids=[
        "with a remark", "with a mark of order", "another kind", "locked", "without its words",
        "with wrong words", "locked nonsense", "locked and cut off", "a recipient", "cut off",
        "octets", "empty",
    ],
)  # fmt: skip
def test_an_identity_file_is_opened_or_said_to_be_wrong(content, passphrase, fault):
    answer = in_node(
        'const { Key } = await import("./age/age.js");'
        "return await kindOf(() => Key.open(octets(given.content), given.passphrase));",
        content=as_text(content),
        passphrase=passphrase,
    )

    assert answer == fault


def test_a_key_finds_its_place_wherever_it_stands_in_a_header():
    keys = [age.generate_identity() for _ in range(3)]
    orders = [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 1], [0]]
    sealed = [
        as_text(age.seal(b"%d" % n, [keys[at].recipient for at in order]))
        for n, order in enumerate(orders)
    ]

    answer = in_node(
        'const { Key } = await import("./age/age.js");'
        "const key = await Key.open(Buffer.from(given.identity));"
        "const all = [];"
        "for (const one of given.sealed) all.push(Buffer.from(await key.unseal(octets(one))).toString());"
        "return all;",
        identity=str(keys[0]),
        sealed=sealed,
    )

    assert answer == ["0", "1", "2", "3", "4"]


# A file that is sealed to one alone, as a head is

ALONE = envelope.make_head(TIP, datetime(2026, 11, 25, 13, tzinfo=UTC), {"text": "Kort."}, [])
# The browser does the arithmetic itself where it can; else the program does.
NO_KEYS_OF_ITS_OWN = "crypto.subtle.importKey = () => { throw new Error('none'); };"


@every_row("browser", ["", NO_KEYS_OF_ITS_OWN])
def test_a_head_opens_with_its_own_key_and_with_no_other(browser):
    own, other = age.generate_identity(), age.generate_identity()

    answer = in_node(
        f"{browser}"
        'const { Key } = await import("./age/age.js");'
        "const open = (identities) => Key.open(Buffer.from(identities.join('\\n')));"
        "const head = octets(given.head);"
        "const mine = await open([given.own]), theirs = await open([given.other]);"
        "const both = await open([given.other, given.own]);"
        "return [text(await mine.unseal(head)), text(await both.unseal(head)),"
        "  await kindOf(() => theirs.unseal(head)), mine.entries];",
        own=str(own),
        other=str(other),
        head=as_text(age.seal(ALONE, [own.recipient])),
    )

    assert answer == [as_text(ALONE), as_text(ALONE), "WrongKey", [heads.entry_id(own.recipient)]]


def test_a_head_with_one_octet_changed_opens_nowhere():
    own = age.generate_identity()
    head = age.seal(ALONE, [own.recipient])
    changed = []
    for at in [*range(0, len(head), 37), len(head) - 1]:
        octets = bytearray(head)
        octets[at] ^= 1
        changed.append(as_text(bytes(octets)))
    changed += [as_text(head[:-1]), as_text(head[:1700]), as_text(head + b"x"), as_text(head[1:])]

    answer = in_node(
        'const { Key } = await import("./age/age.js");'
        "const key = await Key.open(Buffer.from(given.own));"
        "const kinds = [];"
        "for (const one of given.changed) kinds.push(await kindOf(() => key.unseal(octets(one))));"
        "return kinds;",
        own=str(own),
        changed=changed,
    )

    assert len(answer) == len(changed) > 70
    assert set(answer) == {"Damaged", "WrongKey"}


def test_a_head_is_wrapped_anew_for_each_alone():
    old, *new = [age.generate_identity() for _ in range(4)]
    header = age.split_header(io.BytesIO(age.seal(ALONE, [old.recipient])))
    ring = ring_for([each.recipient for each in new])

    made = in_node(
        'const { Key } = await import("./age/age.js");'
        "const key = await Key.open(Buffer.from(given.old));"
        "return text(await key.rewrapToEach(octets(given.header), given.recipients));",
        old=str(old),
        header=as_text(header),
        recipients=[str(identity.recipient) for identity in new],
    )

    row = heads.for_each(ring, base64.b64decode(made))
    assert row
    payload = age.seal(ALONE, [old.recipient])[len(header) :]
    for identity, own in zip(new, row.values(), strict=True):
        # The payload of another file: its key opens the header, and the content is not its own.
        with pytest.raises(age.Damaged):
            age.unseal(own + payload, [identity])
        with pytest.raises(age.WrongKey):
            age.unseal(own + payload, [old])


# What is inside


def _attachment(content: bytes, recipient: age.Recipient) -> tuple[bytes, dict[str, Any]]:
    out = io.BytesIO()
    writer = age.SealedWriter(out, [recipient])
    writer.write(content + bytes(envelope.padded_size(len(content)) - len(content)))
    writer.close()
    sealed = out.getvalue()
    payload = sealed[len(age.split_header(io.BytesIO(sealed))) :]
    listed = {
        "id": str(TIP), "name": "a.txt", "type": "text/plain", "size": len(content),
        "sealed_size": len(payload), "sha256": hashlib.sha256(payload).hexdigest(),
    }  # fmt: skip
    return sealed, listed


def test_a_file_comes_out_as_it_was_sent_and_one_that_is_not_in_the_list_does_not():
    content = bytes(range(256)) * 400
    sealed, listed = _attachment(content, IDENTITY.recipient)
    other, other_listed = _attachment(content + b"!", IDENTITY.recipient)
    cases = [
        (listed, sealed, ""),
        (listed, other, "Damaged"),
        ({**listed, "size": listed["size"] - 1}, sealed, "Damaged"),  # content would be cut off
        ({**listed, "size": 10_000_000}, sealed, "Damaged"),
        ({**listed, "sealed_size": listed["sealed_size"] - 1}, sealed, "Damaged"),
        (other_listed, other[:-1], "Damaged"),
        (listed, b"no header at all", "Damaged"),
    ]

    answers = in_node(
        'const { Key } = await import("./age/age.js");'
        'const { openAttachment } = await import("./content/envelope.js");'
        "const key = await Key.open(Buffer.from(given.identity)); const answers = [];"
        "for (const [listed, sealed] of given.cases) { let content = null;"
        "  const fault = await kindOf(async () => {"
        "    content = text(await openAttachment(key, listed, octets(sealed))); });"
        "  answers.push([fault, content]); }"
        "return answers;",
        identity=str(IDENTITY),
        cases=[[listed, as_text(sealed)] for listed, sealed, _fault in cases],
    )

    assert [fault for fault, _content in answers] == [fault for *_, fault in cases]
    assert base64.b64decode(answers[0][1]) == content
    assert {content for _fault, content in answers[1:]} == {None}


def test_a_tip_that_belongs_to_another_is_not_shown_as_this_one():
    when, later = datetime(2026, 11, 25, 13, tzinfo=UTC), datetime(2026, 11, 25, 15, tzinfo=UTC)
    fields = {"text": "Jag såg något.", "subject": "annat"}
    other = UUID("00000000-0000-4000-8000-000000000000")

    def seal(octets: bytes) -> str:
        return as_text(age.seal(octets, [IDENTITY.recipient]))

    head = seal(envelope.make_head(TIP, when, fields, []))
    body = seal(envelope.make_body(TIP, when, "sv", fields, []))
    cases = [
        (head, body),
        (seal(envelope.make_head(other, when, fields, [])), body),
        (seal(envelope.make_head(TIP, later, fields, [])), body),
        (head, seal(envelope.make_body(other, when, "sv", fields, []))),
        (head, head),
        (head, seal(b"{}")),
        (head, seal(b"\xff")),
    ]

    answers = in_node(
        'const { Key } = await import("./age/age.js");'
        'const { openBody } = await import("./content/envelope.js");'
        "const key = await Key.open(Buffer.from(given.identity)); const answers = [];"
        "for (const [head, body] of given.cases) answers.push("
        "  await kindOf(() => openBody(key, given.id, octets(head), octets(body))));"
        "return answers;",
        identity=str(IDENTITY), id=str(TIP), cases=cases,
    )  # fmt: skip

    assert answers == ["", *["Damaged"] * 6]


# Archives


def _archive(method: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr("mapp/å.age", CONTENT)
        archive.comment = comment
    return out.getvalue()


_READ_ALL = (
    'const { readArchive } = await import("./offline/zip.js"); const answers = [];'
    "for (const one of given.archives) { const all = {}; const fault = await kindOf(async () => {"
    "  for (const [name, read] of await readArchive(new Blob([octets(one)])))"
    "    all[name] = text(await read()); }); answers.push([fault, all]); }"
    "return answers;"
)


def test_an_archive_is_read_as_the_desk_packs_it():
    archives = [_archive(), _archive(comment=b"en kommentar")]

    for fault, entries in in_node(_READ_ALL, archives=list(map(as_text, archives))):
        assert fault == ""
        assert base64.b64decode(entries["manifest.json"]) == b"{}"
        assert base64.b64decode(entries["mapp/å.age"]) == CONTENT


def test_an_archive_that_is_cut_off_or_packed_by_others_is_refused():
    whole = _archive()
    directory = whole.rindex(b"PK\x01\x02")
    long = bytearray(whole)
    long[directory + 24 : directory + 28] = (2**31).to_bytes(4, "little")
    cases = [whole[:at] for at in range(0, len(whole), 7)]
    cases += [bytes(long), _archive(zipfile.ZIP_DEFLATED), b"PK" * 200, b"MZ" + bytes(100)]

    answers = in_node(_READ_ALL, archives=list(map(as_text, cases)))

    assert {fault for fault, _entries in answers} == {"BadArchive"}


def test_an_archive_of_more_than_four_gigabytes_is_said_to_be_too_large():
    whole = bytearray(_archive())
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 16 : end + 20] = b"\xff" * 4

    assert in_node(_READ_ALL, archives=[as_text(bytes(whole))])[0][0] == "TooLarge"


# Days, sizes, references


def test_days_and_ages_are_written_as_swedes_write_them():
    answers = in_node(
        'const d = await import("./words/dates.js"); const t = await import("./words/texts.js"); return ['
        'd.written("2026-11-25"), d.written("2026-03-01T09:15"), d.short("2026-11-25T14:15"),'
        'd.short("2026-05-02"), d.stockholm("2026-11-25T13:15+00:00"),'
        'd.stockholm("2026-07-01T12:00Z"), d.stockholm("2026-11-25T14:15"),'
        'd.age("2026-11-25T14:00", "2026-11-25T14:40"), d.age("2026-11-24T14:00", "2026-11-25T14:40"),'
        'd.age("2026-11-20T14:00", "2026-11-25T14:40"), d.age("2026-11-25", "2026-11-25T23:59"),'
        'd.age("2026-11-24", "2026-11-25T00:01"), d.age("2026-11-20", "2026-11-25T00:01"),'
        "t.size(12), t.size(3400), t.size(25 * 1024 * 1024), t.size(0)];"
    )

    assert answers == [
        "25 november 2026", "1 mars 2026 kl. 09.15", "25 nov. 14.15",
        "2 maj", "2026-11-25T14:15:00", "2026-07-01T14:00:00", "2026-11-25T14:15",
        "40 min", "24 tim", "5 dygn", "i dag", "i går", "5 dygn",
        "12 byte", "3,4 kB", "26 MB", "0 byte",
    ]  # fmt: skip


def test_what_is_no_date_is_not_shown_in_its_place():
    lies = ["Ring 08-123 45 67 och läs upp din kod.", "2026-13-01", None, 7]
    answers = in_node(
        'const d = await import("./words/dates.js");'
        "return given.lies.map((lie) => [d.written, d.short].map((of) => of(lie)));",
        lies=lies,
    )

    assert answers == [["", ""]] * len(lies)


def test_the_reference_is_the_one_that_the_tipster_was_given():
    answer = in_node(
        'return (await import("./words/reference.js")).referenceOf(given.id);', id=str(TIP)
    )

    assert answer == reference_of(TIP)
