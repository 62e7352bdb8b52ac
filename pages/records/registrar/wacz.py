"""Writes WACZ 1.1.1: a zip of a WARC, the index of its records, and the list of its pages."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils.translation import gettext
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_SOFTWARE = "sapo_site, warcio"
_WARC = "records.warc.gz"
# They say how the bytes came over the wire; kept are the bytes themselves.
_OF_THE_WIRE = {
    "connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding",
}  # fmt: skip


class Wacz:
    """What is put into the archive, in a folder of its own until it is packed."""

    def __init__(self, folder: Path, stream: BinaryIO, title: str) -> None:
        self._folder, self._title, self._stream = folder, title, stream
        self._writer = WARCWriter(stream, gzip=True, warc_version="1.1")
        said = {"software": _SOFTWARE, "format": "WARC File Format 1.1", "description": title}
        self._writer.write_record(self._writer.create_warcinfo_record(_WARC, said))
        self._index: list[str] = []
        self._pages = [{"format": "json-pages-1.0", "id": "pages", "title": gettext("All pages")}]

    def add(
        self,
        url: str,
        at: datetime,
        status: int,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
        *,
        page: str = "",
    ) -> None:
        """An answer, and the title under which it stands in the list of pages, if it is one."""
        sent = [each for each in headers if each[0].lower() not in _OF_THE_WIRE]
        record = self._writer.create_warc_record(
            url, "response", payload=BytesIO(body), length=len(body),
            http_headers=StatusAndHeaders(
                f"{status} {_phrase(status)}".strip(),
                [*sent, ("Content-Length", str(len(body)))], protocol="HTTP/1.1",
            ),
            warc_headers_dict={"WARC-Date": _iso(at)},
        )  # fmt: skip
        begin = self._stream.tell()
        self._writer.write_record(record)
        kind = {name.lower(): value for name, value in headers}.get("content-type", "")
        found = {
            "url": url, "mime": re.split(r"[;\s]", kind)[0], "status": str(status),
            "digest": record.rec_headers.get_header("WARC-Payload-Digest"),
            "length": str(self._stream.tell() - begin), "offset": str(begin), "filename": _WARC,
        }  # fmt: skip
        said = json.dumps({name: value for name, value in found.items() if value})
        self._index.append(f"{_key(url)} {at.astimezone(UTC):%Y%m%d%H%M%S} {said}")
        if page:
            number = f"{hashlib.sha256(body).hexdigest()[:16]}-{_iso(at)}"
            self._pages.append({"id": number, "url": url, "ts": _iso(at), "title": page})

    def pack(self, description: str) -> Path:
        """The archive, whole."""
        self._stream.close()
        target = self._folder / "whole.wacz"
        texts = {
            "indexes/index.cdx": "\n".join(sorted(self._index)),
            "pages/pages.jsonl": "\n".join(json.dumps(each, ensure_ascii=False) for each in self._pages),
        }  # fmt: skip
        warc = self._folder / _WARC
        resources = [_resource(f"archive/{_WARC}", *_sum_of(warc))]
        with ZipFile(target, "w", ZIP_DEFLATED) as packed:
            packed.write(warc, f"archive/{_WARC}", ZIP_STORED)
            for path, text in texts.items():
                content = f"{text}\n".encode()
                packed.writestr(path, content)
                total = hashlib.sha256(content).hexdigest()
                resources.append(_resource(path, total, len(content)))
            about = json.dumps({
                "profile": "data-package", "wacz_version": "1.1.1", "software": _SOFTWARE,
                "created": _iso(datetime.now(UTC)), "title": self._title,
                "description": description, "resources": resources,
            }, ensure_ascii=False, indent=2).encode()  # fmt: skip
            packed.writestr("datapackage.json", about)
            total = f"sha256:{hashlib.sha256(about).hexdigest()}"
            digest = json.dumps({"path": "datapackage.json", "hash": total})
            packed.writestr("datapackage-digest.json", digest)
        return target


@contextmanager
def new_wacz(folder: Path, title: str) -> Iterator[Wacz]:
    with (folder / _WARC).open("wb") as stream:
        yield Wacz(folder, stream, title)


def _key(url: str) -> str:
    """Host and path as an index is sorted by (SURT): com,example)/path."""
    parts = urlsplit(url.lower())
    host = re.sub(r"^www\d*\.", "", parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    return f"{','.join(reversed(host.split('.')))}{port}){parts.path.rstrip('/') or '/'}"


def _sum_of(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _resource(path: str, total: str, size: int) -> dict[str, Any]:
    name = path.rpartition("/")[2].lower()
    return {"name": name, "path": path, "hash": f"sha256:{total}", "bytes": size}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
