"""The manifest of a bundle: which sealed tips are in it, and which files with what sums."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

BUNDLE_FORMAT = "sapo-tips/1"
MANIFEST = "manifest.json"
# Far more than the form takes; a bundle that holds more was not made here.
LARGEST_FILE = 96 * 1024 * 1024
MAX_ATTACHMENTS = 100
LARGEST_MANIFEST = 16 * 1024 * 1024
_LARGEST_TEXT = 2 * 1024 * 1024

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ATTACHMENT_NAME = re.compile(rf"{_UUID}\.age")
# A head for each of its readers; one for all in bundles from before.
HEAD_NAME = re.compile(r"head(?:\.[a-z0-9-]{2,32})?\.age")
# What the intake has signed of the tip.
PACKED_ARRIVAL = "arrival"
_FILE = re.compile(rf"{HEAD_NAME.pattern}|body\.age|(?:notes/)?{_UUID}\.age|{PACKED_ARRIVAL}")
# Signers and keyrings, which prove themselves.
_TRUST = r"trust/(?:(?:keyring|signers)(?:-[1-9]\d{0,9})?\.json(?:\.sig)?)?"
BUNDLE_PATH = re.compile(rf"{MANIFEST}|{_TRUST}|({_UUID})/(?:notes/|{_FILE.pattern})?")
_STATE = re.compile(r"[a-z_]{1,20}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BundleError(ValueError):
    """Why a bundle, or a tip in it, cannot be opened.

    `code` says it to programs: not_a_bundle, unknown_tip, missing_file, damaged, wrong_key or
    exists. The text names files of the bundle, never anything that was sealed.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class PackedFile:
    """A sealed file as the manifest lists it. The sum is of the whole, header and payload."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class PackedTip:
    id: UUID
    state: str
    received_on: str
    register_no: str
    files: Mapping[str, PackedFile]


def parse_manifest(octets: bytes) -> tuple[str, tuple[PackedTip, ...]]:
    if len(octets) > LARGEST_MANIFEST:
        raise BundleError("not_a_bundle", "the manifest is too large")
    try:
        read = json.loads(octets.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise BundleError("not_a_bundle", "the manifest is not JSON") from fault
    if not isinstance(read, dict) or read.get("format") != BUNDLE_FORMAT:
        raise BundleError("not_a_bundle", f"not a bundle of the format {BUNDLE_FORMAT}")
    if not isinstance(read.get("made_on"), str) or not isinstance(read.get("tips"), list):
        raise _malformed()
    tips = tuple(_packed_tip(row) for row in read["tips"])
    if len({tip.id for tip in tips}) < len(tips):
        raise BundleError("not_a_bundle", "the manifest names a tip twice")
    return read["made_on"], tips


def _packed_tip(row: Any) -> PackedTip:
    texts = ("id", "state", "received_on", "register_no")
    if (
        not isinstance(row, dict)
        or not all(isinstance(row.get(name), str) for name in texts)
        or not re.fullmatch(_UUID, row["id"])
        or not _STATE.fullmatch(row["state"])
        or not row["register_no"].isprintable()
        or not _DAY.fullmatch(row["received_on"])
        or not isinstance(row.get("files"), list)
    ):
        raise _malformed()
    files = [_packed_file(file) for file in row["files"]]
    by_name = {file.name: file for file in files}
    if len(by_name) < len(files):
        raise BundleError("not_a_bundle", "the manifest names a file twice")
    return PackedTip(UUID(row["id"]), row["state"], row["received_on"], row["register_no"], by_name)


def _packed_file(row: Any) -> PackedFile:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        raise _malformed()
    limit = LARGEST_FILE if ATTACHMENT_NAME.fullmatch(row["name"]) else _LARGEST_TEXT
    if (
        not _FILE.fullmatch(row["name"])
        or type(row.get("size")) is not int
        or not 0 < row["size"] <= limit
        or not isinstance(row.get("sha256"), str)
        or not _SHA256.fullmatch(row["sha256"])
    ):
        raise _malformed()
    return PackedFile(row["name"], row["size"], row["sha256"])


def _malformed() -> BundleError:
    return BundleError("not_a_bundle", "the manifest is malformed")
