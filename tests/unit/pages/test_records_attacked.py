"""What somebody who has broken into a service can do to the records: nothing that is not named."""

import json
import os
import resource
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pages.records.answered import Answered, Site
from pages.records.handing import Handing
from pages.records.kept import Records
from pages.records.packs import LostError, Packs, as_before
from pages.records.verifying import verified
from tests.records import PLAIN, Process, body_at, file, keep

NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MEGABYTE = 1024 * 1024


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "records", tmp_path / "spool")


@pytest.fixture
def process(records: Records) -> Process:
    return Process(records.decisions.folder.parent)


def _put(spool: Path, name: bytes | str, item: Any) -> None:
    """A file that no process of ours has written."""
    spool.mkdir(exist_ok=True)
    path = os.path.join(os.fsencode(spool), os.fsencode(name))
    line = item if isinstance(item, bytes) else json.dumps(item).encode()
    Path(os.fsdecode(path)).write_bytes(line + b"\n")


def _met(**other: Any) -> dict[str, Any]:
    return {
        "address": "/a/", "version": "v0", "status": 200, "headers": PLAIN,
        "at": NOON.timestamp(), "until": None, **other,
    }  # fmt: skip


def test_a_few_bytes_that_ask_for_gigabytes_get_none(records: Records) -> None:
    bomb = zlib.compress(bytes(200 * MEGABYTE))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(LostError):
        as_before(bomb)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize(
    "item",
    [
        b'{"version": "\\ud800", "former": "", "begins": 1804000000}',
        b'{"version": "\xed\xa0\x80", "former": "", "begins": 1804000000}',
        b'{"gone": ["\\ud800"]}', b'{"version": "v0", "at": 1e308}',
        b'{"version": "v0", "at": NaN}',
        b'{"lost": 10000000000000000000000000, "since": 1, "at": 2}', _met(until=1e20),
        _met(at=1e14), _met(at=-5.0), _met(headers=[["Content-Type", "image/png\r\nX: y"]]),
        _met(status=200.0), _met(headers=[["X", "x" * 20_000]]),
        _met(address="inte en adress"), _met(version=7), _met(headers=3),
        {"version": "v1", "former": {}, "begins": float("inf")}, {"gone": [None, 3]},
        {"lost": "många", "since": "igår", "at": []}, {"whole": True, "version": ["v1"]},
    ],
)  # fmt: skip
def test_a_hostile_file_keeps_nothing_else_from_being_filed(
    records: Records, process: Process, item: Any
) -> None:
    process.version("v0", "", NOON)
    process.rendering("/b/", b"Bredvid", "v0", NOON)
    _put(process.spool, "2-ee.items", item)

    for _run in range(2):
        file(records, now=NOON + MINUTE)

    assert body_at(records, "/b/", NOON) == b"Bredvid"
    assert not records.at("/a/", NOON + MINUTE)
    assert not list(process.spool.glob("*.items"))
    assert verified(Packs(records.folder)).found == []


def test_a_file_with_a_hostile_name_keeps_nothing_else_from_being_filed(
    records: Records, process: Process
) -> None:
    process.version("v0", "", NOON)
    process.rendering("/b/", b"Bredvid", "v0", NOON)
    _put(process.spool, b"\xff.items", {"lost": 1})

    file(records, now=NOON + MINUTE)

    assert records.at("/b/", NOON)


def test_what_is_said_to_be_met_later_hides_nothing_that_is_met_afterwards(
    records: Records, process: Process
) -> None:
    process.version("v0", "", NOON)
    process.rendering("/a/", b"Riktigt", "v0", NOON)
    process.rendering("/a/", b"Falskt", "v0", NOON + timedelta(days=9000))
    file(records, now=NOON + MINUTE)
    keep(records, "/a/", b"Efter", NOON + 5 * MINUTE)

    assert body_at(records, "/a/", NOON + 6 * MINUTE) == b"Efter"


def test_a_pipe_that_is_put_in_the_place_of_a_file_holds_nobody_up(
    records: Records, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.version("v0", "", NOON)
    process.rendering("/b/", b"Bredvid", "v0", NOON)
    os.mkfifo(process.spool / "2-ee.items")
    # It was a file when it was looked at.
    monkeypatch.setattr(Path, "is_file", lambda path: path.exists())

    file(records, now=NOON + MINUTE)

    assert records.at("/b/", NOON)


def test_a_body_that_cannot_be_read_is_named_and_what_comes_after_it_is_filed(
    records: Records, process: Process
) -> None:
    process.version("v0", "", NOON)
    process.rendering("/b/", b"Bredvid", "v0", NOON)
    process._add(_met(body="//8="))
    process.rendering("/c/", b"Sedan", "v0", NOON)

    filed = file(records, now=NOON + MINUTE)

    assert filed.gaps == ["lost"]
    assert records.at("/c/", NOON)


def test_what_is_decided_does_nothing_but_what_it_says(records: Records) -> None:
    keep(records, "/a/", b"Hemligt", NOON)
    keep(records, "/b/", b"Bredvid", NOON + MINUTE)
    then = records.at("/b/", NOON + MINUTE)
    assert then
    records.seal("/a/", NOON, by="chef", reason="15 kap. 2 \u00a7")
    (path,) = records.decisions.folder.iterdir()
    decision = json.loads(path.read_text())
    hidden = {"met": "/b/", "epoch": 9, "version": "v9", "begin": 9, "body": then.digest}
    path.write_text(json.dumps({**hidden, **decision}))

    file(records, now=NOON + 5 * MINUTE)

    assert records.body(then) == b"Bredvid"
    sealed = records.at("/a/", NOON)
    assert sealed
    assert sealed.standing == "sealed"


def test_a_decision_that_cannot_be_read_keeps_nothing_from_being_filed(records: Records) -> None:
    keep(records, "/a/", b"A", NOON)
    for kind, since in (("weed", "alla"), ("seal", -1), ("seal", 1 << 80)):
        records.decisions.add(kind, "/a/", since, by=["chef"], reason="x")  # type: ignore[arg-type]

    keep(records, "/a/", b"B", NOON + MINUTE)

    assert body_at(records, "/a/", NOON + MINUTE) == b"B"
    assert not list(records.decisions.all())


def test_what_is_gone_is_named_also_where_the_index_says_that_it_was_weeded(
    records: Records,
) -> None:
    keep(records, "/a/", b"A", NOON)
    bodies = Packs(records.folder).bodies_of(1)
    bodies.write_bytes(bytes(bodies.stat().st_size))
    with records._index() as index:
        index.run("UPDATE held SET standing = 'weeded'")

    assert verified(Packs(records.folder)).found


def test_somebody_who_tries_addresses_at_random_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handing = Handing()
    monkeypatch.setattr(handing, "_put", lambda *args, **more: None)
    for number in range(3_000):
        met = {"address": f"/{number}", "version": "v1", "status": 301, "headers": PLAIN}
        handing.rendering(met, b"", tag="")

    assert len(handing._known) <= 1_000


def test_only_the_service_of_editors_tells_what_version_began_and_what_is_gone(
    records: Records, process: Process
) -> None:
    records.decisions.folder.mkdir(parents=True)
    process.version("v0", "", NOON)
    process.rendering("/a/", b"Riktigt", "v0", NOON)
    file(records, now=NOON + MINUTE)
    process.version("v9", "v0", NOON + MINUTE)
    process.rendering("/a/", b"Falskt", "v9", NOON + MINUTE)
    process.whole("v9", NOON + MINUTE)
    # The one that decides is the service of editors; what has been handed over now is of another.
    os.chown(records.decisions.folder, os.getuid() + 1, -1)

    filed = file(records, Site(version=lambda: "v0", has_edition=True), now=NOON + 2 * MINUTE)

    assert filed.gaps == ["untold-version"]
    assert body_at(records, "/a/", NOON + 2 * MINUTE) == b"Riktigt"


@pytest.fixture
def three_versions(records: Records) -> Process:
    """Pages of three days that are filed; from now on only what visitors are answered is handed over."""
    for day, words in enumerate((b"Ett", b"Tv\xc3\xa5", b"Tre")):
        keep(records, "/a/", words, NOON + day * DAY, version=f"v{day}")
    records.decisions.folder.mkdir()
    os.chown(records.decisions.folder, os.getuid() + 1, -1)
    return Process(records.decisions.folder.parent)


def _file_at_present(records: Records, now: datetime, **more: Any) -> list[str]:
    site = Site(version=lambda: "v2", has_edition=True, **more)
    return file(records, site, now=now).gaps


@pytest.mark.parametrize("status", [200, 410])
@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("at", [NOON + HOUR, NOON + DAY + HOUR, NOON + 2 * DAY + HOUR])
def test_a_process_for_visitors_cannot_change_what_was_public_before(
    records: Records, three_versions: Process, version: str, status: int, at: datetime
) -> None:
    before = [(each, records.body(each)) for each in records.changes(NOON, NOON + 9 * DAY)]
    for address in ("/a/", "/ny/"):
        three_versions.rendering(address, b"Falskt", version, at, status=status)

    gaps = _file_at_present(records, NOON + 2 * DAY + HOUR)

    assert gaps == ["late"]
    now = [(each, records.body(each)) for each in records.changes(NOON, NOON + 9 * DAY)]
    assert now == before
    assert len(list(records.standing_at(NOON + HOUR))) == 1


def test_a_process_for_visitors_cannot_change_how_the_present_version_looked_so_far(
    records: Records, three_versions: Process
) -> None:
    _file_at_present(records, NOON + 3 * DAY)
    three_versions.rendering("/a/", b"Falskt", "v2", NOON + 2 * DAY + HOUR)
    three_versions.rendering("/a/", b"Nu", "v2", NOON + 3 * DAY)

    assert _file_at_present(records, NOON + 3 * DAY + MINUTE) == ["late"]

    then, now = records.at("/a/", NOON + 3 * DAY - MINUTE), records.at("/a/", NOON + 3 * DAY)
    assert then
    assert records.body(then) == b"Tre"
    assert now
    assert records.body(now) == b"Nu"


def test_what_was_met_just_before_a_change_is_filed_though_the_change_is_known(
    records: Records, three_versions: Process
) -> None:
    three_versions.rendering("/ny/", b"Strax innan", "v1", NOON + 2 * DAY + MINUTE / 60)

    assert _file_at_present(records, NOON + 2 * DAY + MINUTE) == []

    assert body_at(records, "/ny/", NOON + DAY) == b"Strax innan"


def test_no_file_is_taken_from_a_process_that_hands_over_pages(
    records: Records, process: Process
) -> None:
    process.version("v0", "", NOON)
    for address in ("/media/a.bin", "/dokument/1/a.pdf", "/static/a.css"):
        process.rendering(address, bytes(MEGABYTE), "v0", NOON)

    assert file(records, now=NOON + MINUTE).records == 0

    assert not (records.folder / "files").exists()


def test_a_process_for_visitors_makes_nothing_that_was_sure_not_sure(
    records: Records, three_versions: Process
) -> None:
    _file_at_present(records, NOON + 3 * DAY)
    for at in (NOON, NOON + 3 * DAY + MINUTE):
        three_versions.rendering("/x/", b"x", "ingen", at)
    three_versions.rendering("/a/", b"Tre", "v2", NOON + 3 * DAY, until=NOON + HOUR)

    gaps = _file_at_present(records, NOON + 3 * DAY + MINUTE)

    assert gaps == ["untold-version"]
    for hours in (1, 25, 49, 71):
        found = records.at("/a/", NOON + hours * HOUR)
        assert found
        assert found.standing == "kept"


def test_a_page_that_names_thousands_of_files_has_a_few_asked_for_and_none_that_is_not_there_kept(
    records: Records, three_versions: Process
) -> None:
    asked = []

    def ask(address: str) -> Answered | None:
        asked.append(address)
        at = int((NOON + 2 * DAY).timestamp() * 1_000_000)
        status = 200 if address == "/media/0.png" else 404
        return Answered(address, "v2", status, (), b"svar", at)

    three_versions.rendering("/z/", b"Bilder", "v2", NOON + 2 * DAY + MINUTE)

    _file_at_present(
        records, NOON + 2 * DAY + 2 * MINUTE, ask=ask,
        named=lambda met: (f"/media/{number}.png" for number in range(5_000)),
    )  # fmt: skip

    assert sum(each.startswith("/media/") for each in asked) <= 500
    found = [each.address for each in records.changes(NOON, NOON + 9 * DAY)]
    assert [each for each in found if each.startswith("/media/")] == ["/media/0.png"]


def test_what_visitors_meet_of_a_new_version_is_filed_before_the_service_of_editors_has_told_of_it(
    records: Records, process: Process
) -> None:
    keep(records, "/a/", b"Innan", NOON, version="v0")
    process.rendering("/a/", b"Sedan", "v1", NOON + MINUTE)
    records.decisions.folder.mkdir(parents=True, exist_ok=True)
    os.chown(records.decisions.folder, os.getuid() + 1, -1)

    file(records, Site(version=lambda: "v1", has_edition=True), now=NOON + 2 * MINUTE)

    assert body_at(records, "/a/", NOON + 2 * MINUTE) == b"Sedan"
