"""What a registrar hands over is opened by the player that archives use, replayweb.page, on a machine of theirs."""

import functools
import hashlib
import shutil
import subprocess
import tarfile
import threading
from datetime import UTC, date, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from playwright.sync_api import Page, expect

from pages.records.registrar.archive import write_archive
from pages.records.registrar.asked_for import period_of
from sapo_site.building.static_storage import flatten_imports
from tests.lacking import pass_over
from tests.prepared import prepared
from tests.recorded import Was, keep

# Fetched by itself: its lock would bring 170 packages that what is built of it no longer asks for.
PLAYER = "replaywebpage@2.4.6"
ITS_SUM = "6faef5c261e94b6e83cd6ee975bd0378fd4bc948bb14d36d45c709ffecb261b8"
THEN = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
PAGE = """<!DOCTYPE html><html lang="sv"><head><title>Valet</title><link rel="stylesheet" href="/static/site.css"></head>
<body><main><h1>Så skyddar vi valet</h1><p>Vi har utbildat 210 kommuner.</p></main></body></html>"""


def _fetch(folder: Path) -> None:
    folder.mkdir()
    npm = shutil.which("npm") or pass_over("npm is not installed")
    subprocess.run([npm, "pack", PLAYER], cwd=folder, check=True, capture_output=True)
    (packed,) = folder.iterdir()
    assert hashlib.sha256(packed.read_bytes()).hexdigest() == ITS_SUM
    with tarfile.open(packed) as tar:
        tar.extractall(folder, filter="data")


def _sheets(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*.css")]


@pytest.fixture
def archive(db, own_records, settings, tmp_path):
    """A machine with the player and a day of ours on it, and nothing else of ours."""
    settings.EDITION_URL = "https://www.example.se"
    static = FileSystemStorage(Path(settings.PROJECT_DIR, "static"))
    paths = {name: (static, name) for name in _sheets(Path(static.location))}
    sheet = flatten_imports(static.open("css/site.css").read().decode(), "css/site.css", paths)
    css = (("Content-Type", "text/css"),)
    keep(Was("/valet/", THEN, PAGE), Was("/static/site.css", THEN, sheet, headers=css))
    player = prepared("replaywebpage", _fetch) / "package"
    (tmp_path / "replay").mkdir()
    (tmp_path / "ui.js").symlink_to(player / "ui.js")
    (tmp_path / "replay" / "sw.js").symlink_to(player / "sw.js")
    write_archive(*period_of(date(2026, 3, 4), date(2026, 3, 4)), tmp_path / "dagen.wacz")
    (tmp_path / "index.html").write_text(
        '<!DOCTYPE html><script src="/ui.js"></script><replay-web-page source="/dagen.wacz" replayBase="/replay/" '
        'url="https://www.example.se/valet/"></replay-web-page>'
    )
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_a_day_that_was_handed_over_is_read_in_the_archives_own_player_as_it_was(
    page: Page, archive
):
    page.goto(archive)
    shown = page.frame_locator("iframe").frame_locator("iframe")
    heading = shown.get_by_role("heading", name="Så skyddar vi valet")

    expect(heading).to_be_visible(timeout=60_000)
    expect(shown.get_by_text("Vi har utbildat 210 kommuner.")).to_be_visible()
    expect(heading).to_have_css("font-weight", "700")
    assert "Schibsted Grotesk" in heading.evaluate("each => getComputedStyle(each).fontFamily")
