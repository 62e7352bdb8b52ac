"""What hostile and broken programs send: values, forms and addresses, made worse on purpose."""

import contextlib
import json
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VALUES = [
    "", " ", "0", "-1", "1", "2", "on", "true", "null", "None", "undefined", "NaN", "Infinity", "1e9",
    "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 5000,
    "1.5", "1,5", "٣", "²", "0x10", "1_000", "\0", "a\0b", "\ud800", "\ufffe", "\u202etxt.exe", "ÿ" * 300,
    "a" * 70_000, "å" * 256, "\r\nX-A: b", "%00", "%", "%zz", "&", "=", "<script>alert(1)</script>",
    "{{ 7*7 }}", "{% x %}", "{}", "[]", "[[[[", '{"a": 1}', "[1, null, {}]", "[" * 20_000, '"', "'", "' OR 1=1 --",
    "\\", "../../etc/passwd", "/", "//evil.example", "http://evil.example/", "javascript:alert(1)",
    "file:///etc/passwd", "x@y", "2026-02-30", "2026-11-26", "0000-00-00", "9999-12-31 23:59",
    "0001-01-01 00:00", "10000-01-01", "2026-11-26T25:61", "-", "id", "-title", "title", "pk__gt", "__class__",
    "*", '"*', "NEAR(", "sv", "en", "xx", "text/html", "publish", "a b c " * 200, "\t\n", "😀" * 50, "1-2-3",
    "live", "/admin/", "page", "article", "sapo_site.user", "00000000-0000-0000-0000-000000000000",
]  # fmt: skip
# Names that views of Wagtail and ours ask for, beside those of the forms that they show.
NAMES = [
    "p", "q", "id", "ids", "next", "ordering", "tag", "collection_id", "page_type", "user_page_permissions",
    "site", "locale", "parent_page_id", "can_choose_root", "allow_external_link", "link_text", "link_url",
    "export", "list_export", "is_searching", "multiple", "act", "all", "childOf", "limit", "offset", "fields",
    "order", "search", "edited_by", "status", "content_type", "typ", "amne", "sida", "efter", "fore",
    "_w_filter_fragment", "in_preview_panel", "mode", "workflow_state", "created_at_from", "entity", "type",
    "html_path", "for_explorer", "content_type_id", "object_id", "revision_id", "format", "usage", "source",
    "deletion_archive", "has_child_pages", "latest_revision_created_at_from", "grouping", "title", "form-TOTAL_FORMS",
    "comments-TOTAL_FORMS", "body-count", "position", "locales", "chosen", "preview", "width", "alt_text",
]  # fmt: skip


# Blocks as the forms of the CMS send them: the name of the stream, and of what may lie in it.
_STREAMS = ["body", "aside", "image", "related", "links", "social", "shortcuts"]
_BLOCKS = [
    "prose", "figure", "quote", "table", "fact_box", "accordion", "link_row", "tip_call", "page_list",
    "page", "file", "address", "video", "contact", "partners", "x",
]  # fmt: skip
_PARTS = [
    "",
    "-heading",
    "-text",
    "-pages-count",
    "-pages-0-value",
    "-source",
    "-image-image",
    "-0-type",
    "-count",
]


# What is sent as a file, and under which names.
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da636060600000000400"
    "01f61738550000000049454e44ae426082"
)
FILES = [
    b"", b"\0", b"Hej", b"\xff" * 3000, _PNG, _PNG + b"\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0\0\0\0\0" * 3,
    _PIXEL, _PIXEL[:-20], _PIXEL * 2, b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"GIF89a\xff\xff\xff\xff\xf7\0\0",
    b"RIFF\xff\xff\xff\xffWEBPVP8X", b"\0\0\0\x20ftypavif", b"\0\0\0\x20ftypmp42", b"%PDF-1.7\n1 0 obj",
    b"%PDF-1.7\nxref\n0 99999999999\ntrailer <</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF", b"PK\x03\x04" + b"\0" * 26,
    b"PK\x05\x06" + b"\0" * 18, b"WEBVTT\n\n00:00 --> \n", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
]  # fmt: skip
FILE_NAMES = [
    "a.png", "a.PNG", "a.jpg", "a.gif", "a.webp", "a.avif", "a.pdf", "a.docx", "a.xlsx", "a.zip", "a.txt", "a.csv",
    "a.vtt", "a.mp4", "a.webm", "a.svg", "a.php", "a", "", ".", ".png", "a.", "a\0.png", "\0", "../../a.png", "/a.pdf",
    "C:\\a.png", "å" * 300 + ".png", "a" * 5000 + ".pdf", "a.png\r\nX-A: b", 'a";x=".png', "\u202egnp.exe", "a.png/b",
    "%00.png", "a.png ", "CON.txt", "😀.png", "\ud800.png",
]  # fmt: skip
_FILE_FIELDS = [
    "file", "files[]", "image-chooser-upload-file", "document-chooser-upload-file", "x", "",
]  # fmt: skip
_BOUNDARY = "gräns".encode().hex()


@dataclass
class Sent:
    """One request, as it could be sent again."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    form: list[tuple[str, str]] | None = None
    body: bytes = b""
    kind: str = ""

    @property
    def address(self) -> str:
        query = urlencode(self.query, errors="surrogatepass")
        return f"{self.path}?{query}" if query else self.path


class _Forms(HTMLParser):
    """The fields of the forms of a page, with what stands in them, and the names in its links."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._method = "post"  # fields outside of a form belong to one by script

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._method = said.get("method", "get").lower()
        elif tag in ("input", "select", "textarea", "button") and said.get("name"):
            self.fields[self._method].append((said["name"], said.get("value", "")))
        elif tag == "a":
            for pair in parse_qsl(urlsplit(said.get("href", "")).query):
                self.fields["get"].append(pair)


class Learned:
    """The fields that each address has shown."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[str, list[tuple[str, str]]]] = {}

    def read(self, route: str, page: str) -> None:
        forms = _Forms()
        with contextlib.suppress(AssertionError, ValueError):  # what the parser cannot read
            forms.feed(page)
        shown = {"get": [], "post": [], **forms.fields}
        shown["post"] += _templates_of_scripts(page)
        self.fields[route] = {name: list(dict.fromkeys(pairs)) for name, pairs in shown.items()}


def _templates_of_scripts(page: str) -> list[tuple[str, str]]:
    """The names of fields that scripts put in place, such as those of blocks."""
    names = re.findall(r"name=(?:&quot;|\\u0022|\")([\w-]+)", page)
    return [(name, "") for name in dict.fromkeys(names)]


def spoilt(
    random: Random, pairs: Sequence[tuple[str, str]], values: Sequence[str]
) -> list[tuple[str, str]]:
    """The fields with some of them dropped, doubled, renamed or filled with something else."""
    kept = [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"]
    for _ in range(random.choice([0, 1, 1, 1, 2, 4, 8])):
        kind = random.randrange(6)
        if kind == 0 or not kept:
            kept.append((random.choice(NAMES), random.choice(values)))
            continue
        at = random.randrange(len(kept))
        name, value = kept[at]
        if kind == 1:
            del kept[at]
        elif kind == 2:
            kept.append((name, random.choice(values)))
        elif kind == 3:
            kept[at] = (
                name + random.choice(["", "-0", "-id", "-count", "[]", "\0", "-0-value"]),
                value,
            )
        else:
            kept[at] = (name, random.choice(values))
    return kept


def blocks(random: Random, values: Sequence[str]) -> list[tuple[str, str]]:
    """The fields of some blocks of a stream, not all of them right."""
    stream, count = random.choice(_STREAMS), random.choice([1, 1, 2])
    fields = [(f"{stream}-count", str(count))]
    for number in range(count):
        block = f"{stream}-{number}"
        fields += [(f"{block}-type", random.choice(_BLOCKS)), (f"{block}-order", str(number)),
                   (f"{block}-deleted", ""), (f"{block}-id", "")]  # fmt: skip
        for part_of in random.sample(_PARTS, 3):
            fields.append((f"{block}-value{part_of}", random.choice(values)))
    return fields if random.random() < 0.7 else spoilt(random, fields, values)


def request_for(
    random: Random, route: str, path: str, learned: Learned, values: Sequence[str]
) -> Sent:
    """A request to an address, which may have shown its forms before."""
    shown = learned.fields.get(route, {"get": [], "post": []})
    query = spoilt(random, [], values) if random.random() < 0.5 else []
    if shown["get"] and random.random() < 0.5:
        some = random.sample(shown["get"], min(len(shown["get"]), random.choice([1, 2, 5])))
        query = spoilt(random, some, values)
    kind = random.random()
    if kind < 0.45:
        return Sent("GET", path, query)
    if kind < 0.9:
        fields = spoilt(random, shown["post"], values)
        if random.random() < 0.2:
            fields += blocks(random, values)
        return Sent("POST", path, query if random.random() < 0.3 else [], form=fields)
    if kind < 0.95:
        said = json.dumps(random.choice(values)) if random.random() < 0.5 else random.choice(values)
        return Sent("POST", path, [], body=said.encode("utf-8", "surrogatepass"),
                    kind=random.choice(["application/json", "text/plain", "multipart/form-data; boundary=x", ""]))  # fmt: skip
    return Sent(
        random.choice(["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "SÖK"]), path, query
    )


def upload_for(
    random: Random, route: str, path: str, learned: Learned, values: Sequence[str]
) -> Sent:
    """A form with files, as a browser sends it, or nearly so."""
    prefix = re.search(r"(image|document)s/chooser/", route)
    before = f"{prefix[1]}-chooser-upload-" if prefix else ""
    usual = [
        (f"{before}title", "Bild"),
        (f"{before}collection", "1"),
        (f"{before}shows_people", "no"),
    ]
    shown = learned.fields.get(route, {"post": []})["post"]
    fields = spoilt(random, [*shown, *usual], values)
    if random.random() < 0.02:
        fields += [("x", "y")] * 10_001
    named = "files[]" if "multiple" in route else f"{before}file"
    files = [
        (
            named if random.random() < 0.85 else random.choice(_FILE_FIELDS),
            random.choice(FILE_NAMES),
            random.choice(FILES),
        )
        for _ in range(random.choice([1, 1, 1, 2, 101]) if random.random() < 0.1 else 1)
    ]
    return Sent("POST", path, body=multipart(random, fields, files),
                kind=f"multipart/form-data; boundary={_BOUNDARY}")  # fmt: skip


def multipart(
    random: Random, fields: Sequence[tuple[str, str]], files: Sequence[tuple[str, str, bytes]]
) -> bytes:
    """The body of a form with files; one in ten is broken off somewhere."""
    sent = [(f'name="{name}"', _octets(value)) for name, value in fields]
    sent += [(f'name="{name}"; filename="{file}"', content) for name, file, content in files]
    body = b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        % (_BOUNDARY.encode(), _octets(said), content)
        for said, content in sent
    )
    body += b"--%s--\r\n" % _BOUNDARY.encode()
    return body[: random.randrange(len(body))] if random.random() < 0.1 else body


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def part(random: Random, kind: str, values: Sequence[str]) -> str:
    """What an address may hold in place of a key or a name; it still falls under the same route."""
    if kind == "int":
        return random.choice(
            ["0", "1", "00", "9223372036854775807", "9223372036854775808", "9" * 40, "77777"]
        )
    if kind == "uuid":
        return "00000000-0000-0000-0000-000000000000"
    if kind == "slug":
        return random.choice(
            ["content", "x", "articlepage", "auth", "user", "-", "a" * 300, "sitedocument"]
        )
    text = random.choice(values).replace("/", "")[:300] or "x"
    return (
        quote(text.encode("utf-8", "surrogatepass"), safe="\\\"'<>{}")
        if random.random() < 0.5
        else text
    )


def in_rounds(
    send: Callable[[Random, list[str]], None], *, examples: int, requests: int, texts: int
) -> None:
    """Sends so many requests in each example, of these values and of texts that hypothesis makes up."""

    @settings(
        max_examples=examples, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(min_value=0, max_value=2**64 - 1), st.lists(st.text(), max_size=texts))
    def example(seed: int, made_up: list[str]) -> None:
        random = Random(seed)
        for _ in range(requests):
            send(random, [*VALUES, *made_up])

    # Most of the time would go to tracebacks of what is rightly refused.
    logging.disable(logging.CRITICAL)
    try:
        example()
    finally:
        logging.disable(logging.NOTSET)
