"""Which pictures, files and static files a rendering names, so that they are kept along."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from .answered import LONGEST_ADDRESS, is_a_file

_IN_HTML = re.compile(r"""(?:\b(?:src|href|poster|content)=["']|[,"']\s*)(/[^\s"',<>]+)""")
_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


def files_named(address: str, content_type: str, body: bytes, origin: str) -> Iterator[str]:
    """The addresses of files that the text names, each as it is asked for."""
    if content_type.startswith("text/css"):
        found = [
            urljoin(address, each) for each in _IN_CSS.findall(body.decode("utf-8", "replace"))
        ]
    elif content_type.startswith("text/html"):
        text = body.decode("utf-8", "replace")
        found = _IN_HTML.findall(text.replace(origin, "") if origin else text)
    else:
        return
    for each in dict.fromkeys(found):
        path = unquote(urlsplit(each).path)
        if is_a_file(path) and not path.endswith("/") and len(path) <= LONGEST_ADDRESS:
            yield path
