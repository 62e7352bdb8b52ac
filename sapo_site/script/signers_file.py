"""What signers carry, as one file: it makes keys, shows what changes, and signs, on a machine that has nothing.

The library in it is the wheels that requirements.txt names by their sums, as they are. Nothing is compressed
here: the same octets wherever it is made.
"""

import io
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from . import unpacking
from .bill import parts
from .environment import ROOT
from .signed_release import digest
from .speech import long_step, stop

# One wheel of cryptography serves all; cffi's, of which it needs the backend, is one for each Python.
_LIBRARY = ("cffi", "cryptography")
_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64")
_OURS = (
    "tips/__init__.py",
    "tips/sealing/**/*.py",
    "tips/sealing/ordlista.txt",
    "tips/signing/*.py",
)


def lay_signers_file(arguments: list[str], python: str) -> None:
    """`./sapo signera`: makes the file, and says the sum that two compare."""
    if len(arguments) > 1:
        stop("./sapo signera tar en fil.")
    path = Path(*arguments or (os.environ["SAPO_VAR"], "signera.pyz"))
    octets = signers_file(python)
    path.write_bytes(octets)
    print(f"{path}: {len(octets)} byte.\nSHA-256 {digest(octets)}")


def signers_file(python: str) -> bytes:
    """What Python runs as it is; the wheels are fetched by this Python's pip."""
    content = {"__main__.py": Path(unpacking.__file__).read_bytes()}
    for pattern in _OURS:
        for path in Path(ROOT).glob(pattern):
            content[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    content |= {f"wheels/{name}": octets for name, octets in _wheels(python).items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(content):
            archive.writestr(zipfile.ZipInfo(name), content[name])
    return file.getvalue()


def _wheels(python: str) -> dict[str, bytes]:
    """The wheels by their names, each of which a lock names the sum of."""
    known = [part for part in parts().values() if part["name"] in _LIBRARY]
    sums = {each["value"] for part in known for each in part["properties"]}
    with tempfile.TemporaryDirectory(prefix="sapo-wheels-") as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text("".join(map(_asked_for, known)))
        for number in unpacking.PYTHONS:
            command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
            command += [
                "--only-binary=:all:",
                "--implementation=cp",
                f"--python-version=3.{number}",
            ]
            command += [f"--platform={each}" for each in _PLATFORMS]
            command += [f"--requirement={wanted}", f"--dest={folder}"]
            long_step(f"Hämtar det som signera.pyz bär med sig för Python 3.{number}", command)
        found = {path.name: path.read_bytes() for path in Path(folder).glob("*.whl")}
    if strangers := [name for name, octets in found.items() if digest(octets) not in sums]:
        stop(f"{strangers[0]} är inte en fil som requirements.txt nämner.")
    return found


def _asked_for(part: dict[str, Any]) -> str:
    sums = " ".join(f"--hash=sha256:{each['value']}" for each in part["properties"])
    return f"{part['name']}=={part['version']} {sums}\n"
