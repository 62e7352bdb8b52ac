"""What is wrong with an Atom feed, by the rules of RFC 4287."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
# Element -> how often its children may stand in it (sections 4.1.1, 4.1.2 and 3.2).
ONE, AT_MOST_ONE, ANY = (1, 1), (0, 1), (0, None)
PERSON = {"name": ONE, "uri": AT_MOST_ONE, "email": AT_MOST_ONE}
CHILDREN = {
    "feed": {
        "id": ONE, "title": ONE, "updated": ONE, "author": ANY, "category": ANY,
        "contributor": ANY, "entry": ANY, "generator": AT_MOST_ONE, "icon": AT_MOST_ONE,
        "link": ANY, "logo": AT_MOST_ONE, "rights": AT_MOST_ONE, "subtitle": AT_MOST_ONE,
    },
    "entry": {
        "id": ONE, "title": ONE, "updated": ONE, "author": ANY, "category": ANY,
        "content": AT_MOST_ONE, "contributor": ANY, "link": ANY, "published": AT_MOST_ONE,
        "rights": AT_MOST_ONE, "source": AT_MOST_ONE, "summary": AT_MOST_ONE,
    },
    "author": PERSON,
    "contributor": PERSON,
}  # fmt: skip
# Section 3.3: RFC 3339, with an upper-case T and Z.
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def faults_in(atom: bytes) -> list[str]:
    """Each fault, with the element in which it is; empty for a valid feed."""
    feed = etree.fromstring(atom)
    if feed.tag != f"{{{NAMESPACE}}}feed":
        return [f"the document is no feed but {feed.tag}"]
    return [fault for element in feed.iter("{*}*") for fault in _faults_of(element)]


def _faults_of(element: etree._Element) -> Iterator[str]:
    name = _name(element)
    if name in CHILDREN:
        yield from _children(element, CHILDREN[name])
    elif name in ("title", "subtitle", "summary", "rights"):
        if element.get("type", "text") not in ("text", "html", "xhtml"):
            yield f"{name}: of no known type"
        if element.get("type") != "xhtml" and len(element):
            yield f"{name}: holds elements"
    elif name in ("updated", "published") and not _DATE.fullmatch(element.text or ""):
        yield f"{name}: {element.text!r} is no date"
    elif name in ("id", "uri", "icon", "logo") and not _is_absolute(element.text):
        yield f"{name}: {element.text!r} is no absolute IRI"
    elif name in ("name", "email") and not (element.text or "").strip():
        yield f"{name}: empty"
    elif name == "category" and not element.get("term"):
        yield "category: without a term"
    elif name == "link":
        yield from _link(element)
    if name == "feed":
        yield from _feed(element)
    if name == "entry":
        yield from _entry(element)


def _children(element: etree._Element, allowed: dict[str, tuple[int, int | None]]) -> Iterator[str]:
    found = Counter(_name(child) for child in element)
    for name, (least, most) in allowed.items():
        if found[name] < least or (most is not None and found[name] > most):
            yield f"{_name(element)}: {found[name]} {name}"
    for name in found.keys() - allowed.keys():
        if ":" not in name:
            yield f"{_name(element)}: {name} does not belong there"


def _link(link: etree._Element) -> Iterator[str]:
    if not _is_absolute(link.get("href")):
        yield f"link: leads to {link.get('href')!r}"
    for attribute, form in (("type", _MEDIA_TYPE), ("hreflang", _LANGUAGE)):
        if (value := link.get(attribute)) is not None and not form.fullmatch(value):
            yield f"link: {attribute} is {value!r}"


def _feed(feed: etree._Element) -> Iterator[str]:
    if not _links(feed, "self"):
        yield "feed: does not say where it is"
    yield from _doubled(feed)
    # Section 4.2.6: the same id twice is the same entry twice.
    ids = Counter(each.text for each in feed.findall("{*}entry/{*}id"))
    yield from (f"feed: {text} twice" for text, times in ids.items() if times > 1)


def _entry(entry: etree._Element) -> Iterator[str]:
    feed = entry.getparent()
    if entry.find("{*}author") is None and feed.find("{*}author") is None:
        yield "entry: without an author"
    if entry.find("{*}content") is None and not _links(entry, "alternate"):
        yield "entry: neither content nor a link to it"
    yield from _doubled(entry)


def _doubled(element: etree._Element) -> Iterator[str]:
    kinds = Counter(
        (link.get("type"), link.get("hreflang")) for link in _links(element, "alternate")
    )
    if any(times > 1 for times in kinds.values()):
        yield f"{_name(element)}: two alternate links of one kind"


def _links(element: etree._Element, rel: str) -> list[etree._Element]:
    return [link for link in element.findall("{*}link") if link.get("rel", "alternate") == rel]


def _is_absolute(iri: str | None) -> bool:
    return bool(iri) and iri == iri.strip() and bool(urlsplit(iri).scheme)


def _name(element: etree._Element) -> str:
    """The name of an element of Atom; one of another vocabulary has a colon in it."""
    name = etree.QName(element)
    return name.localname if name.namespace == NAMESPACE else f"{name.namespace}:{name.localname}"
