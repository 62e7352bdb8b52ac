"""Where a page leads the browser that shows it."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

_DATA = re.compile(r"application/(ld\+)?json|speculationrules")  # of a <script> that runs nothing
_URL = re.compile(r"^.*?url\s*=\s*", re.IGNORECASE)  # of a page that leads on by itself
# Where an attribute leads a browser.
_LEADS = {
    **{f"{each} src": "loads" for each in ("script", "iframe", "frame", "embed")},
    "script href": "loads",
    "link href": "loads",
    "object data": "loads",
    "a href": "links",
    "action": "sends",
    "formaction": "sends",
    "base href": "sends",
}


def leads_of(address: str, text: str) -> list[tuple[str, str]]:
    """What the page loads, sends to and links to; a script that stands in it is loaded from nowhere."""
    return _Page(address, text).found


class _Page(HTMLParser):
    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.found = address, [("links", address)]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in reversed(attrs)}  # the first one holds
        if tag == "meta" and has.get("http-equiv", "").lower() == "refresh":
            has["action"] = _URL.sub("", has.get("content", ""))
        if tag == "link" and not {"stylesheet", "modulepreload"} & set(
            has.get("rel", "").lower().split()
        ):
            return
        for name, value in has.items():
            if what := _LEADS.get(f"{tag} {name}", _LEADS.get(name)):
                place = value.strip().replace("\\", "/")  # as browsers read it
                self.found.append((what, urljoin(self.address, place)))
        if "srcdoc" in has:
            self.found.append(("loads", "en sida i sidan"))
        if tag == "script" and "src" not in has and not _DATA.fullmatch(has.get("type", "")):
            self.found.append(("loads", "ett skript i sidan"))
