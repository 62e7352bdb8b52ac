"""What a page says of the files that it loads, so that a browser takes no others."""

from base64 import b64encode
from hashlib import sha384


def sum_of(octets: bytes) -> str:
    """The sum by which a browser knows that it got the file that the page means."""
    return f"sha384-{b64encode(sha384(octets).digest()).decode()}"
