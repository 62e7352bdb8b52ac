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
