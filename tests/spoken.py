"""What somebody who hears a page would stumble over: outline, names, and links."""

from collections import defaultdict
from typing import Any
from urllib.parse import urljoin

_LANDMARKS = {
    "article": "//article",
    "aside": "//aside",
    "form": "//form[@aria-label or @aria-labelledby]",
    "nav": "//nav",
    "region": "//section[@aria-label or @aria-labelledby] | //*[@role='region']",
    "search": "//*[@role='search']",
}
# They may stand alone on a page without a name.
_NAMELESS = {"aside", "nav", "search"}


def faults_for_ears(page: Any, address: str = "/") -> list[str]:
    """What is wrong with a page, as `lxml` has read it."""
    return [*_levels(page), *_landmarks(page), *_links(page, address), *_ids(page)]


def outline(page: Any) -> list[tuple[int, str]]:
    """The headings of the content, with their levels."""
    headings = page.xpath(
        "//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
        "[not(ancestor-or-self::*[@hidden])]"
    )
    return [(int(each.tag[1]), _words(each)) for each in headings]


def _levels(page: Any) -> list[str]:
    headings = outline(page)
    faults = [f"an empty heading of level {level}" for level, text in headings if not text]
    above = 1
    for level, text in headings:
        if level > above + 1:
            faults.append(f"“{text}” goes from level {above} to {level}")
        above = level
    if [level for level, _ in headings].count(1) != 1:
        faults.append("not one heading of level 1")
    return faults


def _landmarks(page: Any) -> list[str]:
    faults = []
    for kind, path in _LANDMARKS.items():
        names = [name_of(each) for each in page.xpath(path)]
        if "" in names and not (kind in _NAMELESS and len(names) == 1):
            faults.append(f"{kind} without a name")
        faults += [f"{kind} “{name}” twice" for name in {*names} if names.count(name) > 1]
    return faults


def _links(page: Any, address: str) -> list[str]:
    targets = defaultdict(set)
    # Within the page the reader meets the place under the same words.
    for link in page.xpath("//a[@href][not(starts-with(@href, '#'))]"):
        targets[name_of(link).casefold()].add(urljoin(address, link.get("href")))
    return [
        *(["a link without a name"] if "" in targets else []),
        *(
            f"“{name}” leads to {' and '.join(sorted(several))}"
            for name, several in targets.items()
            if len(several) > 1
        ),
    ]


def _ids(page: Any) -> list[str]:
    ids = page.xpath("//@id")
    named = [
        one
        for attribute in ("aria-labelledby", "aria-describedby")
        for value in page.xpath(f"//@{attribute}")
        for one in value.split()
    ]
    return [
        *(f"#{each} twice" for each in {*ids} if ids.count(each) > 1),
        *(f"#{each} is not there" for each in {*named} - {*ids}),
    ]


def name_of(element: Any) -> str:
    """What assistive technology calls an element."""
    if label := element.get("aria-label"):
        return " ".join(label.split())
    if named := element.get("aria-labelledby"):
        found = [element.getroottree().xpath("//*[@id=$id]", id=one) for one in named.split()]
        return " ".join(_words(each[0]) for each in found if each)
    return _words(element) if element.tag == "a" else ""


def _words(element: Any) -> str:
    parts = element.xpath(".//text() | .//img/@alt")
    return " ".join(" ".join(parts).split())
