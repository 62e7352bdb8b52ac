"""A site that burns while people work comes back: what was acknowledged, but for the last seconds."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pages.records.packs import Packs
from sapo_site.operating.backup import server, wal
from sapo_site.operating.backup.choosing import choose
from sapo_site.operating.backup.keeping import stamp_of
from sapo_site.operating.backup.machine import BackupError
from sapo_site.operating.backup.restoring import laid_out
from tests.lacking import need
from tests.pace import until
from tests.postgres import ROOT, installed

from .backup_machine import BackupMachine, make_key

# What may be lost, in seconds: on a machine with other work too, and on one that has none, as with
# --long; and how long it may take there until all is there again.
_LOST, _LOST_ALONE, _BACK_ALONE = 30, 10, 300
_SETUP = """
import django
django.setup()
import hashlib, os, time
from pathlib import Path
from django.conf import settings
def acknowledge(kind, key, content):
    print(kind, key, hashlib.sha256(content).hexdigest(), time.time())
"""
_SITE = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Page, Site
from pages.newsroom.before_the_rule import building
from pages.newsroom.keeping_public import deleting_for_good
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from sapo_site.accounts.groups import set_up_roles
from tests.factories import HomePageFactory
set_up_roles()
for name, group in (("anna", EDITORS), ("bo", CHIEF_EDITORS)):
    user = get_user_model().objects.create_user(name, password="hemligt-nog-for-prov")
    user.groups.add(Group.objects.get(name=group))
with building("before_the_rule"):
    home = HomePageFactory(parent=Page.get_first_root_node())
    site = Site.objects.get(is_default_site=True)
    welcome, site.root_page = site.root_page, home
    site.hostname, site.port = "www.sapo.example", 443
    site.save()
    with deleting_for_good("a test"):
        welcome.delete()
"""
# Pages with a file that they lead to, sent by one and confirmed by another; and records of them.
_EDITOR = """
import json
from datetime import UTC, datetime
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from pages.content.models import ArticlePage, HomePage
from pages.ground.models import ContentVersion
from pages.records.kept import Records
from tests.factories import ArticlePageFactory, SiteDocumentFactory
from tests.newsroom import publish_by_two
from tests.records import Process, file
editor, chief = (get_user_model().objects.get(username=name) for name in ("anna", "bo"))
home = HomePage.objects.get()
reader, version = Process(Path(settings.RECORDS_SPOOL)), ""
for number in range(10_000):
    content = f"Bilaga {number}".encode() * 10_000
    document = SiteDocumentFactory(title=f"Bilaga {number}", file=ContentFile(content, name="bilaga.pdf"))
    acknowledge("file", document.file.path, content)
    page = ArticlePageFactory(parent=home, title=f"Artikel {number}", slug=f"artikel-{number}", live=False)
    link = f'<p><a linktype="document" id="{document.pk}">Bilagan</a></p>'
    page.body = json.dumps([{"type": "prose", "value": link, "id": "1"}])
    page.save_revision(user=editor)
    outcome = publish_by_two(page, editor, chief)
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.live, outcome
    acknowledge("page", page.slug, page.body.raw_data[0]["value"].encode())
    now = datetime.now(UTC)
    former, version = version, ContentVersion.current()
    reader.version(version, former, now)
    reader.rendering(f"/artikel-{number}/", content, version, now)
    file(Records(Path(settings.RECORDS_ROOT)), now=now)
    acknowledge("record", f"/artikel-{number}/", content)
"""
_TIPSTER = """
from tips.keeping.intake import leave
for number in range(10_000):
    tip = leave({"text": f"Tips {number}"}, [("foto.jpg", "image/jpeg", bytes([number % 256]) * 50_000)])
    folder = Path(settings.TIPS_DIR) / "sealed" / str(tip)
    print("tip", tip, hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest(), time.time())
    time.sleep(0.1)
"""


@dataclass(frozen=True)
class Acknowledged:
    """What somebody was told is done."""

    kind: str
    key: str
    digest: str
    at: float


def _run(machine: BackupMachine, role: str, program: str, said: Path) -> "subprocess.Popen[bytes]":
    with said.open("wb") as out, said.with_suffix(".faults").open("wb") as faults:
        return subprocess.Popen(
            [sys.executable, "-c", _SETUP + program], env=machine.as_service(role), cwd=ROOT,
            stdout=out, stderr=faults,
        )  # fmt: skip


def _acknowledged(said: str) -> list[Acknowledged]:
    lines = (line.split() for line in said.splitlines(keepends=True) if line.endswith("\n"))
    return [Acknowledged(kind, key, digest, float(at)) for kind, key, digest, at in lines]


def _there(machine: BackupMachine) -> dict[tuple[str, str], str]:
    """What a machine has, by kind and key, with its digest."""
    found = {}
    for path in (machine.var / "files" / "closed").rglob("*.pdf"):
        found["file", str(path)] = _digest(path.read_bytes())
    with machine.server.connect("postgres", "sapo") as website:
        rows = website.execute(
            "SELECT slug, body FROM content_articlepage JOIN wagtailcore_page ON id = page_ptr_id WHERE live"
        )
        for slug, body in rows:
            blocks = json.loads(body) if isinstance(body, str) else body
            found["page", slug] = _digest(blocks[0]["value"].encode())
    with machine.server.connect("postgres", "sapo_tips") as register:
        for (tip,) in register.execute("SELECT id FROM tips_tip"):
            files = sorted((machine.var / "tips" / "sealed" / str(tip)).iterdir())
            found["tip", str(tip)] = _digest(b"".join(path.read_bytes() for path in files))
    packs = Packs(machine.var / "records")
    for entry in (entry for number in packs.numbers() for entry in packs.entries(number)):
        if "body" in entry:
            found["record", entry["body"]] = entry["body"]
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _pieces_of_log(kept: Path) -> list[Path]:
    return sorted(kept.glob("*-wal-*"))


@dataclass
class Burnt:
    """A site that burned while people worked: what is left are the pieces, and a key elsewhere."""

    machine: BackupMachine
    kept: Path
    identity: str
    at: float
    acknowledged: list[Acknowledged]
    heard: str
    is_alone: bool

    @property
    def may_be_lost(self) -> int:
        return _LOST_ALONE if self.is_alone else _LOST


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's own, which each run that begins closes for PostgreSQL's user."""
    with tempfile.TemporaryDirectory(prefix="sapo-fire-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture(scope="module")
def burnt(folder: Path, request: pytest.FixtureRequest) -> Iterator[Burnt]:
    need("age", "zstd", root=True)
    kept = folder / "kept"
    kept.mkdir()
    identity, recipient = make_key()
    with installed() as server:
        machine = BackupMachine(folder / "machine", server)
        machine.become_the_site(recipient, str(kept))
        made = _run(machine, "editorial", _SITE, folder / "site")
        assert made.wait(120) == 0, (folder / "site.faults").read_text()
        follower = machine.start("backup", "--follow", log="follower.log")
        editor, tipster = folder / "editor", folder / "tipster"
        writers = [
            _run(machine, "editorial", _EDITOR, editor), _run(machine, "intake", _TIPSTER, tipster),
        ]  # fmt: skip
        until(lambda: any(kept.glob("*-full-done.age")), 120)
        time.sleep(_LOST + 2)  # so that what is older than that must be there
        until(lambda: editor.read_text().count("record ") > 2, 120)
        until(lambda: len(_pieces_of_log(kept)) > 3, 120)
        for process in (*writers, follower):
            process.kill()
            process.wait()
        at = time.time()
        machine.burn()
        acknowledged = _acknowledged(editor.read_text()) + _acknowledged(tipster.read_text())
        assert {each.kind for each in acknowledged} == {"file", "page", "record", "tip"}
        heard = (folder / "follower.log").read_text()
        is_alone = request.config.getoption("--long")
        yield Burnt(machine.install_anew(), kept, identity, at, acknowledged, heard, is_alone)


def _key(each: Acknowledged) -> tuple[str, str]:
    return each.kind, each.digest if each.kind == "record" else each.key


def test_what_a_night_rehearses_is_compared_and_thrown_away(burnt):
    before = sorted(Path(tempfile.gettempdir()).glob("*restore-*"))
    done = burnt.machine.manage("restore", str(burnt.kept), "--rehearse", stdin=burnt.identity)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "går att återställa" in done.stdout.splitlines()[-1]
    assert sorted(Path(tempfile.gettempdir()).glob("*restore-*")) == before
    assert not list((burnt.machine.var / "files" / "closed").iterdir())


def _laid_out(burnt: Burnt, kept: Path, moment: datetime | None = None) -> Any:
    key, beside = burnt.identity.encode(), burnt.machine.root.parent
    return laid_out(choose(kept, key, moment), key, moment, data=beside, files=beside)


def test_the_site_is_restored_as_it_was_at_a_moment(burnt):
    # What was acknowledged before that is in the last piece, whenever it came.
    last = _pieces_of_log(burnt.kept)[-1].name[:20]
    tips = [each.at for each in burnt.acknowledged if each.kind == "tip"]
    moment = [at for at in tips if stamp_of(datetime.fromtimestamp(at, UTC)) < last][-2]
    with _laid_out(burnt, burnt.kept, datetime.fromtimestamp(moment, UTC)) as laid:
        tips_laid = psycopg.connect(host=laid.own.folder, user="postgres", dbname="sapo_tips")
        with tips_laid as connection:
            [(count,)] = connection.execute("SELECT count(*) FROM tips_tip").fetchall()
        folders = list((laid.root / "var/lib/sapo/tips/sealed").iterdir())
    until_then = sum(at <= moment for at in tips)
    # The next one may have been kept, and not told of.
    assert until_then <= count <= until_then + 1 < len(tips)
    assert len(folders) >= count


def _copied(burnt: Burnt, folder: Path) -> Path:
    return Path(shutil.copytree(burnt.kept, folder / "kept"))


@pytest.mark.parametrize("part", ["full-site", "full-database", "full-settings"])
def test_a_part_of_the_set_that_is_missing_or_damaged_is_named(burnt, tmp_path, part):
    kept = _copied(burnt, tmp_path)
    [piece] = kept.glob(f"*-{part}.age")
    piece.write_bytes(piece.read_bytes()[:-1])
    with pytest.raises(BackupError, match=f"{piece.name} är skadad"), _laid_out(burnt, kept):
        pass
    piece.unlink()
    with pytest.raises(BackupError, match=f"{piece.name} saknas"), _laid_out(burnt, kept):
        pass


def test_a_piece_that_is_missing_in_between_is_named(burnt, tmp_path):
    kept, left = _copied(burnt, tmp_path), sorted(burnt.machine.root.parent.iterdir())
    lost = _pieces_of_log(kept)[-2]
    lost.rename(tmp_path / lost.name)
    name = _pieces_of_log(kept)[-1].name.partition("-wal-")[2].removesuffix(".age")
    with (
        pytest.raises(BackupError, match=f"databasernas logg saknas: det före {name}"),
        _laid_out(burnt, kept),
    ):
        pass
    (tmp_path / lost.name).rename(lost)
    sorted(kept.glob("*-more-site.age"))[-2].unlink()
    with pytest.raises(BackupError, match="En del av filerna saknas"), _laid_out(burnt, kept):
        pass
    assert sorted(burnt.machine.root.parent.iterdir()) == left


def test_another_key_opens_nothing(burnt):
    other, _recipient = make_key()
    done = burnt.machine.manage("restore", str(burnt.kept), stdin=other)
    assert done.returncode == 1
    assert "eller så öppnar nyckeln den inte" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("there", ["var/lib/sapo/messages/a.json", "etc/sapo/desk.env"])
def test_nothing_is_restored_over_what_is_there(burnt, there):
    path = burnt.machine.root / there
    path.write_text("mine")
    try:
        done = burnt.machine.manage("restore", str(burnt.kept), stdin=burnt.identity)
    finally:
        path.unlink()
    assert done.returncode == 1
    assert done.stderr.lower().endswith("här återställs ingenting.\n")
    assert len(done.stderr.splitlines()) == 1
    asked = server.query("SELECT datname FROM pg_database", burnt.machine.server.folder)
    assert "sapo_tips" not in asked


def test_a_server_that_would_keep_its_log_without_bound_makes_no_good_backup(burnt, monkeypatch):
    monkeypatch.setenv("PGHOST", str(burnt.machine.server.folder))
    with pytest.raises(BackupError, match="utan gräns"):
        wal.log_position()


def test_what_the_backup_calls_is_there_on_a_bare_machine():
    [packages] = re.findall(r'wanted="([^"$]*)"', (ROOT / "deploy" / "install").read_text())
    assert {"age", "zstd"} <= set(packages.split())


def test_what_was_acknowledged_is_there_again_after_a_fire(burnt):
    assert burnt.heard == ""
    assert {path.stat().st_mode & 0o777 for path in burnt.kept.iterdir()} == {0o600}
    began = time.monotonic()

    done = burnt.machine.manage("restore", str(burnt.kept), stdin=burnt.identity)

    took = time.monotonic() - began
    assert done.returncode == 0, done.stdout + done.stderr
    assert took < _BACK_ALONE or not burnt.is_alone
    there = _there(burnt.machine)
    lost = [each for each in burnt.acknowledged if _key(each) not in there]
    changed = [
        each for each in burnt.acknowledged if there.get(_key(each), each.digest) != each.digest
    ]
    since = burnt.at - min((each.at for each in lost), default=burnt.at)
    sys.stdout.write(
        f"{len(burnt.acknowledged)} kvitterade, {len(lost)} borta, av de sista {since:.1f} s;"
        f" tillbaka på {took:.1f} s\n"
    )
    assert changed == []
    assert since <= burnt.may_be_lost
    assert len(burnt.acknowledged) - len(lost) > 20
    # Each page that readers met, and that is not there, is named by its address.
    met = {each.key for each in burnt.acknowledged if each.kind == "record" and _key(each) in there}
    gone = {f"/{each.key}/" for each in lost if each.kind == "page"}
    named = set(re.findall(r"^(/\S+), för läsare sedan .* är borta", done.stdout, re.MULTILINE))
    assert gone & met <= named <= {each.key for each in burnt.acknowledged}
    # Secrets are sealed to the machine that is there now, and nothing lies open.
    assert burnt.machine.settings.joinpath("desk.SAPO_SECRET_KEY.cred").exists()
    assert not list(burnt.machine.root.rglob("*.opened"))

    again = burnt.machine.manage("restore", str(burnt.kept), stdin=burnt.identity)
    assert (again.returncode, again.stderr) == (
        1, "Databaserna är inte tomma. Här återställs ingenting.\n",
    )  # fmt: skip
    assert _there(burnt.machine) == there
