"""How nginx sends what root has laid: by its own files in deploy/."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from .environment import ROOT
from .installed import STATIC, File

# The pages of the desk's name that are root's files, and which (deploy/nginx.conf): for tips, one that does not exist.
DESK_PAGES = {
    "/tipsmottagning/": "desk/desk.html",
    f"/tipsmottagning/tips/{UUID(int=0)}/": "desk/desk.html",
    "/tipsmottagning/nyckel/": "desk/key.html",
}
# The pages that a tipster meets before anything is sent (deploy/nginx-tip-form.conf).
TIP_FORM_PAGES = {
    f"{prefix}/tipsa/{place}": f"tip-form/{name}.{language}.html"
    for language, prefix in {"sv": "", "en": "/en"}.items()
    for place, name in {
        "": "start",
        "formular/": "form",
        "formular/utan-skript/": "without-script",
    }.items()
}
# The pages that services answer on the visitors' name, where the tip form is.
ACCEPTED = ("/", "/tipsa/formular/utan-skript/skriv/", "/en/tipsa/formular/utan-skript/skriv/")
PAGE = "text/html;charset=utf-8"
HASHED = f"/static/*.{'[0-9a-f]' * 12}.*"
_TYPES = {
    ".css": "text/css", ".js": "application/javascript", ".json": "application/json", ".svg": "image/svg+xml",
    ".png": "image/png", ".gif": "image/gif", ".jpg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif",
    ".ico": "image/x-icon", ".woff": "font/woff", ".woff2": "font/woff2", ".txt": "text/plain", ".md": "text/markdown",
}  # fmt: skip
_HEADER = re.compile(r'^\s*add_header ([\w-]+) (?:"([^"]*)"|\'([^\']*)\'|([^\s;]+))', re.MULTILINE)
_SET_BY_AGENCY = {"Strict-Transport-Security"}


def served(files: dict[str, File]) -> Iterator[tuple[str, str, File]]:
    """Address, type and file of what anybody may fetch."""
    for name, file in files.items():
        inside = name.removeprefix(f"{STATIC}/")
        ending = Path(name).suffix
        if inside != name and ending not in (".gz", ".br", ".html"):
            yield f"/static/{quote(inside)}", _TYPES.get(ending, "application/octet-stream"), file
    for address, page in {**DESK_PAGES, **TIP_FORM_PAGES}.items():
        if page_file := files.get(f"{STATIC}/{page}"):
            yield address, PAGE, page_file


def signed_headers() -> Iterator[tuple[str, str, str]]:
    """Class of addresses, name and value of each header, from nginx's own files."""
    everywhere = list(_in_all_answers())
    whole = (
        _nginx("nginx-files.conf")
        .partition("location /static/ {")[2]
        .partition("location /media/")[0]
    )
    plain, _, rest = whole.partition("location ~ \\.html$")
    hashed = rest.partition('w+$" {')[2]
    shield = _added(_nginx("nginx-shield.conf").replace("$scheme://$http_host", "{origin}"))
    desk = [*_added(_nginx("nginx-desk-page.conf")), *everywhere]
    form = _nginx("nginx-tip-form.conf").partition("location ^~ /tip-form/")[2].partition("}")[0]
    for address, lines in {
        "/static/*": [*_added(plain), *everywhere],
        HASHED: [*_added(hashed), *everywhere],
        **dict.fromkeys(DESK_PAGES, desk),
        **{
            address: [
                *_added(form.replace("$sapo_language", page.split(".")[1])),
                *everywhere,
                *shield,
            ]
            for address, page in TIP_FORM_PAGES.items()
        },
        "/*": [*shield, ("X-Content-Type-Options", "nosniff")],
    }.items():
        yield from ((address, *line) for line in lines)


def _nginx(name: str) -> str:
    return Path(ROOT, "deploy", name).read_text(encoding="utf-8")


def _added(text: str) -> list[tuple[str, str]]:
    return [(each[1], each[2] or each[3] or each[4] or "") for each in _HEADER.finditer(text)]


def _in_all_answers() -> Iterator[tuple[str, str]]:
    """Those of nginx-headers.conf, with what nginx.conf gives them where no service has answered."""
    said = dict(
        re.findall(
            r'^map \S+ (\$sapo_\w+) +\{ "" "([^"]*)"; \}', _nginx("nginx.conf"), re.MULTILINE
        )
    )
    for name, variable in _added(_nginx("nginx-headers.conf")):
        yield name, "*" if name in _SET_BY_AGENCY else said[variable]
