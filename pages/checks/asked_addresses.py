"""Which of the written addresses lead to other websites, as they are asked."""

from urllib.parse import urldefrag, urlsplit

from pages.checks.models import LinkState

from .met import WrittenAddress
from .own_addresses import own_path


def asked_address(link: WrittenAddress) -> str:
    """The address without its fragment; empty if it is none of another website."""
    address = urldefrag(link.address.strip()).url
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_elsewhere = parts.scheme in ("http", "https") and parts.hostname and not own_path(address)
    return address if is_elsewhere and len(address) <= LinkState.MOST else ""
