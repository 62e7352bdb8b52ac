"""The programs that seal in the sender's browser: what they may not do, and what they seal opens here."""

import base64
import hashlib
import hmac
import io
import json
import re

from tests.integration.tips.sealing_browser import sealed_parts
from tests.integration.tips.sending import EVERY_ANSWER
from tests.rings import ring_for
from tests.tables import every_row
from tips.form.forms import TipForm
from tips.opener.build import FOLDER
from tips.sealing import age, envelope, heads, sizes

from .test_opener_parts import as_text, in_node

PROGRAM = [
    "form/tip_form.js", "form/tip_page.js", "form/tip_fields.js", "form/leaving.js", "form/standing.js",
    "form/send.js", "form/seal.js", "age/payload.js", "age/headers.js", "form/sizes.js", "age/breath.js",
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
    assert [name for name, text in sources.items() if "XMLHttpRequest" in text] == ["form/send.js"]
    assert [name for name, text in sources.items() if "FormData" in text] == ["form/seal.js"]
    assert [name for name, text in sources.items() if "fetch(" in text] == ["form/standing.js"]
    assert "body" not in sources["form/standing.js"]
    assert "method" not in sources["form/standing.js"]
    told = in_node(
        'const { Sealed } = await import("./form/seal.js");'
        'const { send } = await import("./form/send.js");'
        "const mine = { form: 'mine' };"
        "return [await kindOf(() => new Sealed(Symbol('sealed'), [])),"
        " await kindOf(() => send(mine, {})), await kindOf(() => send(Object.create(Sealed.prototype).form, {}))];"
    )
    assert told == ["TypeError", "TypeError", "TypeError"]


def test_the_browser_seals_the_answer_to_every_question_of_the_form():
    form = TipForm(EVERY_ANSWER)
    assert form.is_valid()
    controls = {
        field.auto_id: {"name": field.name, "value": EVERY_ANSWER[field.name], "checked": True}
        for _question, field in form.asked
    }

    filled_in = in_node(
        "const controls = Object.values(given);"
        "globalThis.document = { getElementById: (id) => given[id],"
        " querySelector: (wanted) => controls.find(({ name }) => wanted === `input[name=${name}]:checked`) };"
        'return (await import("./form/tip_fields.js")).filledIn();',
        **controls,
    )

    assert filled_in == form.tip_fields == EVERY_ANSWER


def _sealed(files=(), fields=FIELDS):
    """The parts that the program makes of a tip, and the keyring that it was given."""
    ring = ring_for([identity.recipient for identity in IDENTITIES])
    told = in_node(
        'const { sealTip } = await import("./form/seal.js");'
        "const files = given.files.map(([name, type, content]) => new File([octets(content)], name, { type }));"
        "const ring = { serial: 1, hash: given.hash, entries: given.recipients.map((recipient) => ({ recipient })) };"
        "const standing = { tip: '7f3c9a52-0000-4000-8000-000000000001', token: 't' };"
        "const sealed = await sealTip({ standing, received: '2026-11-26T14:15', ring, language: 'sv',"
        " fields: given.fields, files, secret: new Uint8Array(32).fill(8) }, () => {});"
        "const told = [];"
        "for (const [name, value] of sealed.form) {"
        " told.push([name, typeof value === 'string' ? value : text(new Uint8Array(await value.arrayBuffer()))]); }"
        "return told;",
        hash=ring.hash,
        recipients=[str(each) for each in ring.recipients],
        fields=fields,
        files=[[name, kind, as_text(content)] for name, kind, content in files],
    )
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
        read = json.loads(age.unseal(head, [identity]))
        assert (read["excerpt"], read["urgent"], read["attachments"]) == (FIELDS["text"], True, 2)
        assert (read["subject"], sent["urgent"]) == (FIELDS["subject"], b"1")
        body = json.loads(age.unseal(sent["body"], [identity]))
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


def test_a_long_tip_without_a_subject_shows_its_beginning_alone_and_cuts_long_kinds():
    file = ("a.txt", "text/" + "x" * 200, b"x")
    ring, parts = _sealed([file], {"text": "å𛀁" * 100})
    sent = dict(parts)
    header = heads.for_each(ring, sent["heads"][: -sizes.HEAD_PAYLOAD])
    own = header[heads.entry_id(IDENTITIES[0].recipient)]
    head = age.unseal(own + sent["heads"][-sizes.HEAD_PAYLOAD :], IDENTITIES[:1])
    read = json.loads(head)
    assert (read["excerpt"], read["urgent"], read["subject"]) == ("å𛀁" * 60, False, "")
    assert sent["urgent"] == b"0"
    body = json.loads(age.unseal(sent["body"], IDENTITIES[:1]))
    assert body["attachments"][0]["type"] == file[1][:100]


def test_a_tip_is_known_again_by_all_that_it_says_in_any_order_and_its_senders_secret():
    file, fields = ("a.txt", "text/plain", b"x"), dict(reversed(FIELDS.items()))
    echo = dict(_sealed([file], fields)[1])["echo"]
    content = json.dumps(
        [sorted(FIELDS.items()), [[*file[:2], 1, hashlib.sha256(b"x").hexdigest()]]],
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    expected = hmac.digest(bytes([8]) * 32, content.encode(), "sha256")
    assert echo == base64.urlsafe_b64encode(expected).rstrip(b"=")
    assert {*b"-_"} <= {*echo}
    secrets = in_node(
        'const { newSecret } = await import("./form/seal.js"); return [newSecret(), newSecret()].map(text);'
    )
    assert [len(base64.b64decode(secret)) for secret in set(secrets)] == [32, 32]


def test_sizes_are_the_same_in_both_languages():
    wanted = [0, 1, 2, 4095, 4096, 4097, 65_535, 65_536, 65_537, 2**20 - 1, 2**20, 2**20 + 1,
              9_999_999, 25 * 2**20 - 1, 25 * 2**20, *range(5000, 26_000_000, 999_983)]  # fmt: skip
    bodies = [2, 4096, 4097, 16_384, 16_385, 65_536, 65_537, 262_144]

    told = in_node(
        'const { paddedSize, bodySize } = await import("./form/sizes.js");'
        "return [given.wanted.map(paddedSize), given.bodies.map(bodySize), await kindOf(() => bodySize(262145))];",
        wanted=wanted,
        bodies=bodies,
    )

    assert told == [[envelope.padded_size(size) for size in wanted],
                    [4096, 4096, 16_384, 16_384, 65_536, 65_536, 262_144, 262_144], "RangeError"]  # fmt: skip


def test_half_a_surrogate_pair_is_no_character_and_opens_all_the_same():
    _ring, parts = _sealed([("a\ud83d.txt", "", b"x")], {"text": "hej"})
    body = json.loads(age.unseal(dict(parts)["body"], [IDENTITIES[0]]))
    assert body["attachments"][0]["name"].encode()


# What is written in the form

FORM = """
const texts = ["text", "when", "where", "people", "contact"];
const controls = Object.fromEntries(texts.map((name) => [name, { value: "", dataset: { longest: "3" } }]));
Object.assign(controls, { urgent: { checked: false, value: "1" }, files: { files: [],
  dataset: { most: "2", largest: "10", total: "15" } }, subject: { name: "subject" }, how_known: { name: "how_known" } });
const chosen = {}; let times = 0;
globalThis.document = {
  getElementById: (id) => controls[/^id_(.*)/.exec(id)?.[1]],
  querySelector: (wanted) => wanted === "form" ? { reset: () => { times += 1; } }
    : chosen[/^input\\[name=(\\w+)\\]:checked$/.exec(wanted)?.[1]] };
const form = await import("./form/tip_fields.js");
"""


def test_only_what_is_answered_is_taken_along_as_characters_that_there_are():
    answer = in_node(
        FORM + "const nothing = form.filledIn(); controls.text.value = ' a\\ud83d ';"
        "controls.when.value = ' \\n '; chosen.how_known = { value: 'saw' }; chosen.subject = { value: '' };"
        "controls.urgent.checked = true; const all = form.filledIn(); form.empty();"
        "chosen.subject.value = 'hot'; return { nothing, all, times, subject: form.filledIn().subject };"
    )

    assert answer == {
        "nothing": {},
        "all": {"text": " a\ufffd ", "how_known": "saw", "urgent": "1"},
        "times": 1,
        "subject": "hot",
    }


def test_what_is_wrong_in_the_form_is_said_of_each_field():
    answer = in_node(
        FORM + "const found = []; const tried = (text, where, ...sizes) => {"
        "controls.text.value = text; controls.where.value = where;"
        "controls.files.files = sizes.map((size) => ({ name: `${size}.txt`, size }));"
        "found.push(form.faults()); };"
        "tried('abc', '𛀁𛀁𛀁', 10, 5); tried(' \\n', '', 3); tried('abcd', '𛀁𛀁𛀁𛀁'); tried('a', '', 11);"
        "tried('a', '', 1, 1, 1); tried('a', '', 10, 6); return found;"
    )

    long = {"limit": 3, "length": 4}
    assert answer == [
        [],
        [["text", "required", {}]],
        [["text", "long", long], ["where", "long", long]],
        [["files", "large", {"name": "11.txt"}]],
        [["files", "many", {}]],
        [["files", "total", {}]],
    ]
