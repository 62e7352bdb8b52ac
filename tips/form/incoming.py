"""What is looked at of a request before any of its body is read, and the places for reading it."""

from django.http import HttpRequest

from .places import Places

places = Places()


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page that is not ours made the browser send this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", own).lower() != own.lower()


def is_readable(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8").strip("\"' ").lower()
    return request.content_type == "multipart/form-data" and charset in ("utf-8", "utf8")


def length_of(request: HttpRequest) -> int | None:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 19 else None
