"""Which pictures, files and static files a rendering names, so that they are kept along."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

_IN_HTML = re.compile(r"""(?:\b(?:src|href|poster|content)=["']|[,"']\s*)(/[^\s"',<>]+)""")
_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_LONGEST = 512


def files_named(
    address: str, content_type: str, body: bytes, prefixes: tuple[str, ...], origin: str
) -> Iterator[str]:
    """The addresses below the prefixes that the text names, each as it is asked for."""
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
        if path.startswith(prefixes) and not path.endswith("/") and len(path) <= _LONGEST:
            yield path
