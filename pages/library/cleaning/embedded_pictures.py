"""Takes what a camera or a drawing program wrote about a picture out of its file, and no pixel."""

import struct

from .photographs import bare_jpeg

_PNG = b"\x89PNG\r\n\x1a\n"
# What a decoder needs to show the picture as it is.
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP acTL fcTL fdAT".split()
)
_JPEG = b"\xff\xd8\xff"
_JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_JP2_DROPPED = {b"xml ", b"uuid", b"uinf"}


def bare_picture(content: bytes) -> bytes:
    """The same picture without Exif, XMP, IPTC, comments and thumbnails; other bytes as they are."""
    try:
        if content.startswith(_JPEG):
            return bare_jpeg(content)
        if content.startswith(_PNG):
            return _bare_png(content)
        if content.startswith(_JP2):
            return _bare_jp2(content)
    except (struct.error, IndexError):
        return content  # broken; what shows it will say so
    return content


def _bare_png(content: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name = content[at + 4 : at + 8]
        if name in _PNG_KEPT:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND":
            break
    return b"".join(kept)


def _bare_jp2(content: bytes) -> bytes:
    kept, at = [], 0
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if length == 1:
            (length,) = struct.unpack_from(">Q", content, at + 8)
        length = length or len(content) - at
        if length < 8:
            return content
        if name not in _JP2_DROPPED:
            kept.append(content[at : at + length])
        at += length
    return b"".join(kept)
