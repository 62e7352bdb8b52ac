"""Unpacks a zip file within bounds, and packs it anew: same parts, same bytes, whenever it is done."""

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from .found import CannotBeRead, HiddenData

MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
# A file this small may be packed as tightly as it likes.
_ABOVE_SUSPICION = 20 * 1024 * 1024
_TIGHTEST = 100
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
# The first moment that a zip file can tell.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def _listed_parts(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts, but folders. Raises HiddenData for a locked file, and CannotBeRead for a bomb."""
    parts = [each for each in package.infolist() if not each.is_dir()]
    if any(each.flag_bits & 1 for each in parts):
        raise HiddenData("encrypted")
    unpacked = sum(each.file_size for each in parts)
    packed = max(1, sum(each.compress_size for each in parts))
    names = {each.filename for each in parts}
    if (
        len(parts) > MOST_PARTS
        or len(names) != len(parts)
        or unpacked > MOST_UNPACKED
        or (unpacked > _ABOVE_SUSPICION and unpacked / packed > _TIGHTEST)
        or any(_leads_out(name) for name in names)
    ):
        raise CannotBeRead
    return parts


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts


def read_parts(source: Path) -> dict[str, bytes]:
    """Name -> content, in the order of the file. Raises HiddenData and CannotBeRead."""
    with source.open("rb") as file:
        start = file.read(8)
        if start == _OLE and _LOCKED in file.read(1024 * 1024):
            raise HiddenData("encrypted")
    try:
        with zipfile.ZipFile(source) as package:
            return {each.filename: _read(package, each) for each in _listed_parts(package)}
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError) as error:
        # NotImplementedError, a RuntimeError, is a way of packing that nobody uses.
        raise CannotBeRead from error


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with package.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:  # the list of contents lies
        raise CannotBeRead
    return content


def write_parts(parts: Mapping[str, bytes], target: Path, *, plain: tuple[str, ...] = ()) -> None:
    """Packs the parts in their order, without times, owners and comments; `plain` are not packed."""
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            package.writestr(entry, content)
