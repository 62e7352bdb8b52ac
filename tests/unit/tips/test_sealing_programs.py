"""The programs that seal in the sender's browser: what they may not do, and what they seal opens here."""

import io
import re

from tests.integration.tips.sealing_browser import sealed_parts
from tests.rings import ring_for
from tests.tables import every_row
from tips.opener.build import FOLDER
from tips.sealing import age, envelope, heads, sizes

from .test_opener_parts import as_text, in_node

PROGRAM = [
    "tip_form.js", "tip_page.js", "tip_fields.js", "leaving.js", "standing.js", "send.js", "seal.js",
    "payload.js", "headers.js", "sizes.js", "breath.js",
]  # fmt: skip
IDENTITIES = [age.generate_identity() for _ in range(3)]
FIELDS = {"text": "En grå kombi. 𛀁 å", "where": "Kajen", "urgent": "1", "subject": "hot"}


def _sources() -> dict[str, str]:
    return {
        name: re.sub(r"^ *(//|\*|/\*).*", "", (FOLDER / name).read_text(), flags=re.M)
        for name in PROGRAM
    }


@every_row(
    "word",
    [r"innerHTML", r"insertAdjacentHTML", r"document\.write", r"\beval\b", r"\bFunction\(",
     r"localStorage", r"sessionStorage", r"indexedDB", r"document\.cookie", r"\bconsole\b",
     r"sendBeacon", r"\bWorker\(", r"WebSocket", r"\.name = ", r"setAttribute\(\"name\""],
)  # fmt: skip
def test_no_program_of_the_form_stores_logs_or_makes_markup(word):
    assert [name for name, text in _sources().items() if re.search(word, text)] == []


def test_one_module_sends_and_takes_nothing_but_what_is_sealed():
    sources = _sources()
    assert [name for name, text in sources.items() if "XMLHttpRequest" in text] == ["send.js"]
    assert [name for name, text in sources.items() if "FormData" in text] == ["seal.js"]
    assert [name for name, text in sources.items() if "fetch(" in text] == ["standing.js"]
    assert "body" not in sources["standing.js"]
    assert "method" not in sources["standing.js"]
    told = in_node(
        'const { Sealed } = await import("./seal.js");'
        'const { send } = await import("./send.js");'
        "const mine = { form: 'mine' };"
        "return [await kindOf(() => new Sealed(Symbol('sealed'), [])),"
        " await kindOf(() => send(mine, {})), await kindOf(() => send(Object.create(Sealed.prototype).form, {}))];"
    )
    assert told == ["TypeError", "TypeError", "TypeError"]


def _sealed(files=(), fields=FIELDS):
    """The parts that the program makes of a tip, and the keyring that it was given."""
    ring = ring_for([identity.recipient for identity in IDENTITIES])
    told = in_node(
        'const { sealTip, newSecret } = await import("./seal.js");'
        "const files = given.files.map(([name, type, content]) => new File([octets(content)], name, { type }));"
        "const ring = { serial: 1, hash: given.hash, entries: given.recipients.map((recipient) => ({ recipient })) };"
        "const standing = { tip: '7f3c9a52-0000-4000-8000-000000000001', token: 't' };"
        "const sealed = await sealTip({ standing, received: '2026-11-26T14:15', ring, language: 'sv',"
        " fields: given.fields, files, secret: newSecret() }, () => {});"
        "const told = [];"
        "for (const [name, value] of sealed.form) {"
        " told.push([name, typeof value === 'string' ? value : text(new Uint8Array(await value.arrayBuffer()))]); }"
        "return told;",
        hash=ring.hash,
        recipients=[str(each) for each in ring.recipients],
        fields=fields,
        files=[[name, kind, as_text(content)] for name, kind, content in files],
    )
    import base64

    sealed = ("heads", "body")
    return ring, [
        (
            name,
            base64.b64decode(value)
            if name in sealed or name.startswith("file.")
            else value.encode(),
        )
        for name, value in told
    ]


def test_what_the_browser_seals_opens_here_and_is_of_the_same_sizes():
    photo = ("bild på bilen.jpg", "image/jpeg", bytes(range(256)) * 700)
    empty = ("tom.txt", "", b"")
    ring, parts = _sealed([photo, empty])
    own = sealed_parts(ring, "t", files=[photo, empty], urgent="1")

    assert [name.partition(".")[0] for name, _ in parts] == [
        name.partition(".")[0] for name, _ in own
    ]
    assert [len(octets) for name, octets in parts if name != "token"] == [
        len(octets) for name, octets in own if name != "token"
    ]
    sent = dict(parts)
    headers = heads.for_each(ring, sent["heads"][: -sizes.HEAD_PAYLOAD])
    for identity in IDENTITIES:
        head = headers[heads.entry_id(identity.recipient)] + sent["heads"][-sizes.HEAD_PAYLOAD :]
        read = envelope.read_head(age.unseal(head, [identity]))
        assert (read["excerpt"], read["urgent"], read["attachments"]) == (FIELDS["text"], True, 2)
        body = envelope.read_body(age.unseal(sent["body"], [identity]))
        assert (body["fields"], body["way"], body["language"]) == (FIELDS, "browser", "sv")
        assert body["received"] == read["received"] == "2026-11-26T14:15"
        for file, (name, kind, content) in zip(body["attachments"], [photo, empty], strict=True):
            octets = sent[f"file.{file['id']}"]
            assert (file["name"], file["type"], file["size"]) == (name, kind, len(content))
            plain = age.unseal(octets, [identity])
            assert plain.rstrip(b"\0") == content.rstrip(b"\0")
            assert len(plain) == envelope.padded_size(len(content))
            source = io.BytesIO(octets)
            age.split_header(source)
            payload = source.read()
            assert len(payload) == file["sealed_size"]


def test_sizes_are_the_same_in_both_languages():
    wanted = [0, 1, 2, 4095, 4096, 4097, 65_535, 65_536, 65_537, 2**20 - 1, 2**20, 2**20 + 1,
              9_999_999, 25 * 2**20 - 1, 25 * 2**20, *range(5000, 26_000_000, 999_983)]  # fmt: skip
    bodies = [2, 4096, 4097, 16_384, 16_385, 65_536, 65_537, 262_144]

    told = in_node(
        'const { paddedSize, bodySize } = await import("./sizes.js");'
        "return [given.wanted.map(paddedSize), given.bodies.map(bodySize), await kindOf(() => bodySize(262145))];",
        wanted=wanted,
        bodies=bodies,
    )

    assert told == [[envelope.padded_size(size) for size in wanted],
                    [4096, 4096, 16_384, 16_384, 65_536, 65_536, 262_144, 262_144], "RangeError"]  # fmt: skip


def test_half_a_surrogate_pair_is_no_character_and_opens_all_the_same():
    _ring, parts = _sealed([("a\ud83d.txt", "", b"x")], {"text": "hej"})
    body = envelope.read_body(age.unseal(dict(parts)["body"], [IDENTITIES[0]]))
    assert body["attachments"][0]["name"].encode()
