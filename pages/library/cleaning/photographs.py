"""Takes Exif, XMP, IPTC and comments out of a JPEG; the coded pixels stay as they are."""

import re
import struct

_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_END, _START_OF_SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# JFIF, colour profile, and Adobe's mark of how the colours are coded; Exif, XMP and IPTC are others.
_APPLICATION_KEPT = {0xE0: b"JFIF", 0xE2: b"ICC_PROFILE", 0xEE: b"Adobe"}


def bare_jpeg(content: bytes) -> bytes:
    """The same picture; which way is up stays. Raises struct.error and IndexError."""
    orientation = _orientation(content)
    kept, at = [content[:2]], 2
    if orientation > 1:  # which way is up is seen
        kept.append(_orientation_alone(orientation))
    while at + 2 <= len(content):
        marker = content[at + 1]
        if marker in _STANDALONE or marker == _END:
            kept.append(content[at : at + 2])
            at += 2
            if marker == _END:  # behind it, telephones put further pictures and films
                break
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        segment = content[at : at + 2 + length]
        wanted = _APPLICATION_KEPT.get(marker)
        is_told = marker == _COMMENT or 0xE0 <= marker <= 0xEF
        if not is_told or (wanted is not None and segment[4:].startswith(wanted)):
            kept.append(segment)
        at += 2 + length
        if marker == _START_OF_SCAN:
            following = _AFTER_SCAN.search(content, at)
            end = following.start() if following else len(content)
            kept.append(content[at:end])
            at = end
    return b"".join(kept)


def _orientation(content: bytes) -> int:
    at = content.find(b"Exif\x00\x00", 0, 65_536)
    if at < 0:
        return 1
    tiff = content[at + 6 : at + 6 + 65_536]
    order = "<" if tiff.startswith(b"II") else ">"
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, first)
    for number in range(min(count, 200)):
        tag, kind, _many, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * number)
        if tag == 0x0112 and kind == 3 and 1 <= value <= 8:
            return int(value)
    return 1


def _orientation_alone(value: int) -> bytes:
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, value, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\x00\x00" + tiff
