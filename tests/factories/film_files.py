"""Films of a few boxes: what a player needs is a stub, what a camera writes is as it writes it."""

import struct


def _box(name: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I4s", len(content) + 8, name) + content


def mp4(*more_tracks: bytes, told: bool = True, frames: int = 100) -> bytes:
    """As a telephone writes it: with place, camera and time."""
    time = 3_900_000_000 if told else 0
    header = _box(b"mvhd", struct.pack(">IIIII", 0, time, time, 1000, 5000), bytes(80))
    place = _box(b"udta", _box(b"\xa9xyz", b"\x00\x12\x15\xc7+59.3293+018.0686/hemlig"))
    camera = _box(b"meta", bytes(4), b"com.apple.quicktime.make hemlig")
    moov = _box(
        b"moov", header, track(b"vide", time), *more_tracks, *([place, camera] if told else [])
    )
    frames_of = _box(b"mdat", b"\x11" * frames)
    return _box(b"ftyp", b"isom", bytes(4), b"isommp42") + moov + frames_of


def track(kind: bytes, time: int = 0) -> bytes:
    head = _box(b"tkhd", struct.pack(">IIII", 7, time, time, 1), bytes(68))
    handler = _box(b"hdlr", bytes(8), kind, bytes(12), b"Handler\x00")
    return _box(b"trak", head, _box(b"mdia", handler))


def _element(key: str, content: bytes) -> bytes:
    return bytes.fromhex(key) + (len(content) | 1 << 28).to_bytes(4, "big") + content


def webm(*, told: bool = True, is_live: bool = False) -> bytes:
    """As a screen recorder writes it; `is_live`: without lengths, since it was sent meanwhile."""
    head = _element("1a45dfa3", _element("4282", b"webm"))
    titles = _element("7ba9", b"hemlig titel") + _element("4461", bytes(8)) if told else b""
    info = _element("1549a966", titles + _element("2ad7b1", b"\x0f\x42\x40"))
    frames = _element("e7", b"\x00") + _element("a3", b"\x22" * 100)
    cluster = (
        bytes.fromhex("1f43b67501ffffffffffffff") + frames
        if is_live
        else _element("1f43b675", frames)
    )
    tags = _element("1254c367", b"hemlig plats") if told else b""
    body = info + cluster + tags
    segment = (
        bytes.fromhex("1853806701ffffffffffffff") + body if is_live else _element("18538067", body)
    )
    return head + segment
