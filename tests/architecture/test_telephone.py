"""The telephone number is written once: whatever shows it is made from the setting."""

import re
from pathlib import Path

from django.conf import settings

from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[2]
# What nginx shows alone: when no process of ours answers, when one address asks too much, and on a mirror.
ALONE = [
    ROOT / "deploy" / f"{name}.html"
    for name in ("unavailable", "too-many", "mirror", "mirror-tips")
]
WRITTEN_IN = {ROOT / "sapo_site" / "settings" / "phone.py", *ALONE}
_NUMBER = re.compile(r"568[ \xa0-]?70[ \xa0-]?00")


def test_every_form_is_made_of_the_one():
    assert settings.PHONE == "010-568 70 00"
    assert settings.PHONE_FROM_ABROAD == "+46 10-568 70 00"
    assert settings.PHONE_HREF == "tel:+46105687000"
    assert settings.PHONE_WITH_HYPHENS == "+46-10-568-70-00"
    assert settings.SECURITY_CONTACT == "tel:+46-10-568-70-00"


def test_the_number_is_spelled_out_nowhere_else():
    folders = ("cooperation", "deploy", "pages", "sapo_site", "static", "templates", "tips")
    files = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        # The demo's texts are what an editor would have written.
        if path.is_file() and "content" not in path.parts and path.suffix not in (".pyc", ".mo")
    ]
    found = {path for path in files if _NUMBER.search(path.read_text(errors="ignore"))}
    assert found == WRITTEN_IN


@every_row("page", ALONE)
def test_what_nginx_shows_alone_gives_the_same_number(page):
    links = re.findall(r'<a href="(tel:[^"]+)">([^<]+)</a>', page.read_text())
    ours = [shown for href, shown in links if href == settings.PHONE_HREF]
    assert len(ours) == 2
    for shown in ours:
        assert re.sub(r"\D", "", shown).endswith(re.sub(r"\D", "", settings.PHONE)[1:])
    assert {href for href, _shown in links} <= {settings.PHONE_HREF, "tel:112", "tel:11414"}
