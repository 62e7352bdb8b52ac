"""Our age files are age files: the other tools open them, and we open theirs."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.lacking import need
from tests.rewrapping import rewrap_header
from tips.opener import build
from tips.sealing import age
from tips.sealing.age.encoding import from_base64, from_bech32
from tips.sealing.age.header import read_header
from tips.sealing.age.passphrase import Passphrase
from tips.sealing.age.stanza import Stanza
from tips.sealing.age.stream import _Chunks

MIB, CHUNK = 1024 * 1024, 64 * 1024
SIZES = (0, 1, 15, 65_535, 65_536, 65_537, MIB, 25 * MIB)
KEY, OTHER = age.generate_identity(), age.generate_identity().recipient
PASSPHRASE, SECRET = "rätt häst batteri", b"AGE-SECRET-KEY-PQ-1..."
DRIVER = Path(__file__).with_name("interop.mjs")

# Debian's age and pyrage know no post-quantum keys yet: with them only passphrases are exchanged.
WAYS = [("own", "own"), ("own", "typage"), ("typage", "own")]


def _plaintext(size: int) -> bytes:
    return hashlib.shake_128(b"%d" % size).digest(size)


def _sum(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def _run_age(*words: str, **options: bytes) -> bytes:
    command = [need("age"), *words]
    return subprocess.run(command, capture_output=True, check=True, timeout=60, **options).stdout


def _type_to_age(words: list[str], typed: str) -> None:
    """Runs age where a passphrase can be typed: it asks the terminal, never its input."""
    at_terminal = (
        "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    )
    subprocess.run(
        [sys.executable, "-c", at_terminal, need("age"), *words],
        input=typed.encode(), capture_output=True, check=True, timeout=60,
    )  # fmt: skip


@dataclass
class Matrix:
    """What each tool has sealed, and what age-encryption made of it in one run."""

    folder: Path
    node: dict[str, str]

    def sealed(self, writer: str, size: int) -> Path:
        return self.folder / f"{writer}-{size}.age"


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    folder = tmp_path_factory.mktemp("interop")
    jobs: list[dict[str, object]] = []
    for size in SIZES:
        (folder / f"plain-{size}").write_bytes(_plaintext(size))
    matrix = Matrix(folder, {})
    for size in SIZES:
        plaintext, own = folder / f"plain-{size}", matrix.sealed("own", size)
        with own.open("wb") as out:
            writer = age.SealedWriter(out, [OTHER, KEY.recipient])
            writer.write(plaintext.read_bytes())
            writer.close()
        jobs += [
            {
                "name": f"seal {size}", "work": "seal", "from": str(plaintext),
                "to": str(matrix.sealed("typage", size)), "recipients": [str(OTHER), str(KEY.recipient)],
            },
            {"name": f"open {size}", "work": "open", "identity": str(KEY), "from": str(own)},
        ]  # fmt: skip
    (folder / "secret").write_bytes(SECRET)
    (folder / "locked").write_text(age.lock(SECRET, PASSPHRASE))
    jobs += [
        {"name": "unlock", "work": "unlock", "from": str(folder / "locked"),
         "passphrase": PASSPHRASE},
        {"name": "lock", "work": "lock", "from": str(folder / "secret"),
         "to": str(folder / "locked-by-typage"), "passphrase": PASSPHRASE, "workFactor": 12},
        {"name": "vectors", "work": "vectors", "to": str(folder / "vectors.json")},
    ]  # fmt: skip
    (folder / "jobs.json").write_text(json.dumps(jobs))
    command = [
        build.node(), str(DRIVER), str(build.node_modules()), str(folder / "jobs.json"),
        str(folder / "answers.json"),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=300)
    matrix.node = json.loads((folder / "answers.json").read_text())
    yield matrix
    shutil.rmtree(folder)


def _open_with(tool: str, size: int, sealed: Path, matrix: Matrix) -> str:
    """The sum of what the tool opened."""
    if tool == "typage":
        return matrix.node[f"open {size}"]
    total = hashlib.sha256()
    with sealed.open("rb") as source:
        for piece in age.open_stream(source, [KEY]):
            total.update(piece)
    return total.hexdigest()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("writer", "reader"), WAYS)
def test_what_one_tool_seals_the_other_opens(matrix, writer, reader, size):
    sealed = matrix.sealed(writer, size)

    assert _open_with(reader, size, sealed, matrix) == _sum(_plaintext(size))


@pytest.mark.parametrize("size", SIZES)
def test_our_sealed_files_have_the_size_of_those_of_another_tool(matrix, size):
    own, typage = (matrix.sealed(tool, size) for tool in ("own", "typage"))

    assert own.stat().st_size == typage.stat().st_size


# Passphrases


def test_what_we_lock_the_others_unlock(matrix):
    locked = (matrix.folder / "locked").read_text()

    assert matrix.node["unlock"] == _sum(SECRET)
    assert pyrage.passphrase.decrypt(age.dearmor(locked), PASSPHRASE) == SECRET


def test_what_we_lock_the_age_of_debian_unlocks(matrix):
    out = matrix.folder / "unlocked-by-age"

    _type_to_age(["-d", "-o", str(out), str(matrix.folder / "locked")], f"{PASSPHRASE}\n")

    assert out.read_bytes() == SECRET


def test_what_the_others_lock_we_unlock(matrix):
    locked = (matrix.folder / "locked-by-typage").read_text()

    assert age.unlock(locked, PASSPHRASE) == SECRET


def test_what_the_age_of_debian_locks_we_unlock(matrix):
    out = matrix.folder / "locked-by-age"

    words = ["-p", "-a", "-o", str(out), str(matrix.folder / "secret")]
    _type_to_age(words, f"{PASSPHRASE}\n{PASSPHRASE}\n")

    assert age.unlock(out.read_text(), PASSPHRASE) == SECRET


# The test vectors of the format: https://c2sp.org/CCTV/age


class X25519Key:
    """Opens what most vectors are sealed to, so that header and stream are tried by all of them."""

    def __init__(self, text: str) -> None:
        self.own = X25519PrivateKey.from_private_bytes(from_bech32(text)[1])

    def unwrap(self, stanza: Stanza) -> bytes | None:
        if stanza.kind != "X25519":
            return None
        try:
            _kind, said = stanza.arguments
            share = from_base64(said.encode())
            shared = self.own.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError as fault:
            raise age.Damaged("a stanza of another shape") from fault
        if len(stanza.body) != 32:
            raise age.Damaged("a stanza of another shape")
        salt = share + self.own.public_key().public_bytes_raw()
        key = HKDF(SHA256(), 32, salt, b"age-encryption.org/v1/X25519").derive(shared)
        try:
            return ChaCha20Poly1305(key).decrypt(bytes(12), stanza.body, None)
        except InvalidTag:
            return None


def _identity(text: str) -> age.Identity | X25519Key:
    return age.parse_identity(text) if text.startswith("AGE-SECRET-KEY-PQ-") else X25519Key(text)


@dataclass
class Vector:
    expect: str
    payload: str
    identities: list[age.Identity | X25519Key]
    passphrases: list[str]
    is_armored: bool
    octets: bytes

    @property
    def keys(self) -> list[age.Identity | X25519Key | Passphrase]:
        return [*self.identities, *map(Passphrase, self.passphrases)]

    def sealed(self) -> bytes:
        return age.dearmor(self.octets.decode("latin-1")) if self.is_armored else self.octets


def _vector(text: bytes) -> Vector:
    head, _, octets = text.partition(b"\n\n")
    said: dict[str, list[str]] = {}
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        said.setdefault(key, []).append(value)
    if "compressed" in said:
        octets = zlib.decompress(octets)
    return Vector(
        expect=said["expect"][0],
        payload=said.get("payload", [_sum(b"")])[0],
        identities=[_identity(text) for text in said.get("identity", [])],
        passphrases=said.get("passphrase", []),
        is_armored="armored" in said,
        octets=octets,
    )


def _outcome(vector: Vector) -> tuple[str, bytes]:
    """What came of it, and what was given out until then."""
    given = bytearray()
    try:
        for piece in age.open_stream(BytesIO(vector.sealed()), vector.keys):
            given += piece
    except age.WrongKey:
        return "no match", bytes(given)
    except age.Damaged:
        return "failure", bytes(given)
    return "success", bytes(given)


def _and_one_more(vector: Vector, given: bytes) -> set[str]:
    """The sums of what a reader may give out that does not wait for what follows a chunk."""
    sums = set()
    for is_last in (False, True):
        source = BytesIO(vector.sealed())
        chunks = _Chunks(read_header(source).file_key(vector.keys), source.read(16))
        for _ in range(len(given) // CHUNK):
            chunks.open(source.read(CHUNK + 16))
        with suppress(age.Damaged):
            sums.add(_sum(given + chunks.open(source.read(CHUNK + 16), last=is_last)))
    return sums


def _vectors(matrix: Matrix) -> dict[str, Vector]:
    texts = json.loads((matrix.folder / "vectors.json").read_text())
    return {name: _vector(base64.b64decode(text)) for name, text in texts.items()}


def test_every_vector_of_the_format_comes_out_as_its_authors_say(matrix):
    wrong = {}
    for name, vector in _vectors(matrix).items():
        outcome, given = _outcome(vector)
        expected = re.sub(r".* failure", "failure", vector.expect)
        if outcome != expected:
            wrong[name] = f"{outcome} in place of {vector.expect}"
        elif _sum(given) != vector.payload and (
            outcome != "failure" or vector.payload not in _and_one_more(vector, given)
        ):
            wrong[name] = f"gave out {len(given)} octets"

    assert wrong == {}


def test_the_vectors_are_all_there(matrix):
    vectors = _vectors(matrix)

    assert len(vectors) >= 140
    assert sum("hybrid" in name for name in vectors) >= 18
    assert sum(vector.expect == "success" for vector in vectors.values()) >= 25


def test_a_vector_that_opens_can_be_rewrapped_for_another(matrix):
    other = age.generate_identity()
    opened = 0
    for name, vector in _vectors(matrix).items():
        if vector.expect == "success" and vector.identities and not vector.is_armored:
            source = BytesIO(vector.octets)
            header = age.split_header(source)
            rewrapped = rewrap_header(header, vector.identities, [other.recipient])
            assert _sum(age.unseal(rewrapped + source.read(), [other])) == vector.payload, name
            opened += 1
    assert opened > 15
