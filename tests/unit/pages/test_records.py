"""What was public is filed, found again, and cannot be changed unseen."""

import os
import random
import signal
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pages.records.answered import Answered, Site
from pages.records.filing import alone
from pages.records.kept import Records, RecordsError
from pages.records.lookup import Standing
from pages.records.packs import BrokenError, Packs
from pages.records.verifying import Found, verified
from tests.records import Process, body_at, file, keep

NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "records", tmp_path / "spool")


@pytest.fixture
def process(records: Records) -> Process:
    return Process(records.decisions.folder.parent)


def page(words: str, footer: str = "Kontakt") -> bytes:
    frame = "".join(
        f"<li>Menyns rad {number}, {number * 7919 % 1000}</li>" for number in range(200)
    )
    return f"<html><ul>{frame}</ul><main>{words}</main><footer>{footer}</footer></html>".encode()


def faults(records: Records, link: str = "") -> list[Found]:
    return verified(Packs(records.folder), link=link).found


def test_a_page_is_shown_as_it_looked_on_a_date(records: Records) -> None:
    keep(records, "/a/", page("Först"), NOON)
    keep(records, "/b/", page("Bredvid"), NOON + MINUTE)
    keep(records, "/a/", page("Sedan"), NOON + 5 * MINUTE)

    then = records.at("/a/", NOON + 3 * MINUTE)
    now = records.at("/a/", NOON + 9 * MINUTE)

    assert then
    assert now
    assert records.body(then) == page("Först")
    assert (then.since, then.until) == (NOON, NOON + 5 * MINUTE)
    assert records.body(now) == page("Sedan")
    assert (now.since, now.until) == (NOON + 5 * MINUTE, None)
    assert records.older(now) == then
    assert records.newer(then) == now
    assert records.at("/a/", NOON - MINUTE) is None
    assert [(each.address, each.since) for each in records.changes(NOON, NOON + 9 * MINUTE)] == [
        ("/a/", NOON), ("/b/", NOON + MINUTE), ("/a/", NOON + 5 * MINUTE),
    ]  # fmt: skip
    assert [each.address for each in records.standing_at(NOON + 9 * MINUTE)] == ["/a/", "/b/"]


def test_what_nobody_got_in_a_version_that_was_soon_over_is_shown_as_not_sure(
    records: Records, process: Process
) -> None:
    for number, version in enumerate(("v1", "v2", "v3")):
        at = NOON + number * MINUTE
        process.version(version, f"v{number}" if number else "", at)
        process.rendering("/a/", page(f"Ny i {version}"), version, at)
        if version != "v2":
            process.rendering("/b/", page("Inte hämtad i v2"), version, at)

    file(records, now=NOON + 9 * MINUTE)

    before, between, after = (
        records.at("/b/", NOON + number * MINUTE) for number in (0.5, 1.5, 2.5)
    )
    assert before
    assert between
    assert after
    standings = [each.standing for each in (before, between, after)]
    assert standings == [Standing.KEPT, Standing.UNSURE, Standing.KEPT]
    assert records.body(between) == page("Inte hämtad i v2")
    got = records.at("/a/", NOON + 1.5 * MINUTE)
    assert got
    assert got.standing is Standing.KEPT
    assert [gap.kind for gap in records.gaps(NOON, NOON + 9 * MINUTE)] == ["superseded"]


def test_a_file_was_there_when_the_page_was_that_names_it(
    records: Records, process: Process
) -> None:
    """Also where another version was told in the same run."""
    for number, version in enumerate(("v1", "v2")):
        at = NOON + number * MINUTE
        process.version(version, f"v{number}" if number else "", at)
        process.rendering("/a/", page(f"Ny i {version}"), version, at)
    micro = int((NOON + 9 * MINUTE).timestamp() * 1_000_000)

    site = Site(
        has_edition=True,
        named=lambda met: ["/static/a.css"],
        ask=lambda address: Answered(address, "v2", 200, (), b"p {}", micro),
    )
    file(records, site, now=NOON + 9 * MINUTE)

    assert body_at(records, "/static/a.css", NOON + MINUTE / 2) == b"p {}"


def test_what_is_handed_over_late_takes_its_place_and_hides_nothing(
    records: Records, process: Process
) -> None:
    for number, version in enumerate(("v1", "v2", "v3")):
        process.version(version, f"v{number}" if number else "", NOON + number * MINUTE)
    for version in ("v1", "v3"):
        process.rendering("/a/", page("Som alltid"), version, NOON + 3 * MINUTE)
    file(records, now=NOON + 4 * MINUTE)
    process.rendering("/a/", page("Kort"), "v2", NOON + 1.5 * MINUTE)

    file(records, now=NOON + 5 * MINUTE)

    found = [records.at("/a/", NOON + number * MINUTE) for number in (0.5, 1.5, 2.5)]
    assert [records.body(each) for each in found if each] == [
        page("Som alltid"), page("Kort"), page("Som alltid"),
    ]  # fmt: skip


def test_what_changes_by_itself_is_another_rendering_of_the_same_version(
    records: Records, process: Process
) -> None:
    due = NOON + 2 * MINUTE
    process.version("v1", "", NOON)
    process.rendering("/a/", page("Snart"), "v1", NOON, until=due)
    process.rendering("/b/", page("Alltid"), "v1", NOON)
    process.rendering("/c/", page("Snart"), "v1", NOON, until=due)
    process.rendering("/a/", page("Nu"), "v1", NOON + 3 * MINUTE)

    file(records, now=NOON + 9 * MINUTE)

    soon, now = records.at("/a/", due - MINUTE), records.at("/a/", due)
    assert soon
    assert now
    assert (records.body(soon), soon.until) == (page("Snart"), due)
    assert (records.body(now), now.since) == (page("Nu"), due)
    always, nobody = records.at("/b/", due), records.at("/c/", due)
    assert always
    assert always.standing is Standing.KEPT
    assert nobody
    assert nobody.standing is Standing.UNSURE


def test_once_the_edition_is_through_the_job_asks_for_what_nobody_has_got(
    records: Records, process: Process
) -> None:
    keep(records, "/a/", page("A"), NOON, version="v1")
    keep(records, "/b/", page("B"), NOON, version="v1")
    process.version("v2", "v1", NOON + MINUTE)
    process.rendering("/a/", page("A"), "v2", NOON + MINUTE)
    process.whole("v2", NOON + 2 * MINUTE)

    def ask(address: str) -> Answered:
        at = int((NOON + 3 * MINUTE).timestamp() * 1_000_000)
        return Answered(address, "v2", 410 if address == "/b/" else 200, (), page("Borta"), at)

    file(
        records,
        Site(version=lambda: "v2", ask=ask, addresses=lambda: ["/a/", "/ny/"], has_edition=True),
        now=NOON + 4 * MINUTE,
    )

    gone, fresh = records.at("/b/", NOON + MINUTE), records.at("/ny/", NOON + 3 * MINUTE)
    assert gone
    assert (gone.status, gone.since) == (410, NOON + MINUTE)
    assert fresh
    assert fresh.standing is Standing.KEPT
    assert not list(records.gaps(NOON, NOON + 9 * MINUTE))


@pytest.mark.parametrize("fault", ["cut off", "changed", "counted"])
def test_what_could_not_be_handed_over_is_named_and_all_else_is_filed(
    records: Records, process: Process, fault: str
) -> None:
    process.version("v1", "", NOON)
    process.rendering("/a/", page("A"), "v1", NOON)
    (path,) = process.spool.glob("*.items")
    if fault == "cut off":
        with path.open("ab") as spoilt:
            spoilt.write(b'\n{"address": "/b/", "ver')
    elif fault == "changed":
        process.rendering("/b/", page("B"), "v1", NOON)
        content = path.read_bytes()
        path.write_bytes(content[:-30] + content[-29:-28] * 2 + content[-28:])
    else:
        process._add({"lost": 3, "since": NOON.timestamp(), "at": NOON.timestamp()})
    process.rendering("/c/", page("C"), "v1", NOON)

    file(records, now=NOON + MINUTE)

    assert [gap.kind for gap in records.gaps(NOON, NOON + 2 * MINUTE)] == ["lost"]
    assert records.at("/a/", NOON)
    assert not records.at("/b/", NOON)
    assert records.at("/c/", NOON)


def test_what_a_process_has_handed_over_is_filed_if_it_is_killed(
    records: Records, process: Process
) -> None:
    process.version("v1", "", NOON)
    if not (child := os.fork()):
        Process(process.spool).rendering("/a/", page("A"), "v1", NOON)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)

    assert file(records, now=NOON + MINUTE).gaps == []

    assert records.at("/a/", NOON)


def test_however_long_nothing_is_filed_all_that_was_handed_over_is_there(
    records: Records, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.records.spool._ENOUGH", 1_000)
    monkeypatch.setattr("pages.records.spool._MOST_ITEMS", 20)
    process.version("v1", "", NOON)
    for number in range(40):
        process.rendering(f"/{number}/", page("A"), "v1", NOON)

    file(records, now=NOON + MINUTE)

    assert len(list(records.standing_at(NOON))) == 40


def test_what_is_added_while_a_file_is_read_is_filed_by_the_next_run(
    records: Records, process: Process
) -> None:
    process.version("v1", "", NOON)
    process.rendering("/a/", page("A"), "v1", NOON)
    (path,) = process.spool.glob("*.items")
    late = Process(process.spool)
    late.rendering("/b/", page("B"), "v1", NOON)
    (line,) = (each.read_bytes() for each in process.spool.glob("*.items") if each != path)
    for each in process.spool.glob("*.items"):
        if each != path:
            each.unlink()

    def ask(address: str) -> None:
        (taken,) = process.spool.glob("*.taken")
        with taken.open("ab") as added:
            added.write(line)

    site = Site(version=lambda: "v1", ask=ask, addresses=lambda: ["/c/"])
    for _run in range(2):
        file(records, site, now=NOON + MINUTE)
        site.ask = lambda address: None

    assert records.at("/b/", NOON)
    assert not list(process.spool.glob("*.taken"))


def test_a_version_that_nobody_has_told_of_is_named(records: Records, process: Process) -> None:
    process.version("v1", "", NOON)
    process.rendering("/a/", page("A"), "v1", NOON)
    process.version("v3", "v2", NOON + 2 * MINUTE)
    process.rendering("/a/", page("A"), "v3", NOON + 2 * MINUTE)

    file(records, now=NOON + 3 * MINUTE)

    unsure = records.at("/a/", NOON + MINUTE)
    assert unsure
    assert unsure.standing is Standing.UNSURE
    kinds = [gap.kind for gap in records.gaps(NOON, NOON + 3 * MINUTE)]
    assert "untold-version" in kinds


def test_versions_of_one_transaction_are_one(records: Records, process: Process) -> None:
    process.version("v1", "", NOON)
    process.rendering("/a/", page("A"), "v1", NOON)
    for version, former in (("v2", "v1"), ("v3", "v2"), ("v4", "v3")):
        process.version(version, former, NOON + MINUTE)
    process.rendering("/a/", page("B"), "v4", NOON + MINUTE)

    file(records, now=NOON + 2 * MINUTE)

    found = records.at("/a/", NOON + MINUTE)
    assert found
    assert (found.version, found.standing) == ("v4", Standing.KEPT)
    assert list(records.gaps(NOON, NOON + 2 * MINUTE)) == []


def test_when_a_version_began_is_left_open_if_nobody_has_told_of_it(
    records: Records, process: Process
) -> None:
    process.version("v1", "", NOON)
    process.rendering("/a/", page("A"), "v1", NOON)
    process.rendering("/b/", page("B"), "v1", NOON + MINUTE)
    process.rendering("/a/", page("Ändrad"), "v2", NOON + 3 * MINUTE)

    file(records, Site(version=lambda: "v2", has_edition=True), now=NOON + 4 * MINUTE)

    before, unsure, after = (records.at("/a/", NOON + minutes * MINUTE) for minutes in (1, 2, 3))
    assert before
    assert records.body(before) == page("A")
    assert unsure
    assert unsure.standing is Standing.UNSURE
    assert after
    assert records.body(after) == page("Ändrad")
    assert "untold-version" in [gap.kind for gap in records.gaps(NOON, NOON + 9 * MINUTE)]


def test_a_sealed_record_is_shown_to_nobody_from_that_moment(records: Records) -> None:
    keep(records, "/a/", page("Hemligt"), NOON)
    then = records.at("/a/", NOON)
    assert then

    records.seal("/a/", NOON, by="chef", reason="15 kap. 2 §")

    for _filed in range(2):
        with pytest.raises(RecordsError, match="sealed"):
            records.body(then)
        sealed = records.at("/a/", NOON)
        assert sealed
        assert sealed.standing is Standing.SEALED
        file(records, now=NOON + MINUTE)
    assert faults(records) == []


def test_weeding_takes_the_bytes_and_leaves_a_tombstone_and_all_other_records(
    records: Records,
) -> None:
    for number in range(4):
        keep(records, "/a/", page(f"Text {number} ÄRENDET"), NOON + number * MINUTE)
    keep(records, "/b/", page("Bredvid"), NOON + 9 * MINUTE)
    then = records.at("/a/", NOON)
    assert then

    records.weed("/a/", NOON, by=("anna", "bo"), decision="2027/14")
    with pytest.raises(RecordsError, match="weeded"):
        records.body(then)
    file(records, now=NOON + 10 * MINUTE)

    with pytest.raises(RecordsError, match="weeded"):
        records.body(then)
    stone = records.at("/a/", NOON)
    assert stone
    assert (stone.standing, stone.digest) == (Standing.WEEDED, then.digest)
    for number in range(1, 4):
        assert body_at(records, "/a/", NOON + number * MINUTE) == page(f"Text {number} ÄRENDET")
    assert body_at(records, "/b/", NOON + 9 * MINUTE) == page("Bredvid")
    bodies = Packs(records.folder).bodies_of(1).read_bytes()
    assert bodies
    assert not any(bodies)
    assert faults(records) == []
    keep(records, "/a/", page("Efteråt"), NOON + 20 * MINUTE)
    assert body_at(records, "/a/", NOON + 20 * MINUTE) == page("Efteråt")


def test_weeding_takes_two_persons(records: Records) -> None:
    keep(records, "/a/", page("A"), NOON)

    with pytest.raises(ValueError, match="two persons"):
        records.weed("/a/", NOON, by=("anna", "anna"), decision="2027/14")


def test_the_index_is_made_anew_from_the_packs(records: Records) -> None:
    for number in range(40):
        keep(records, "/a/", page(f"Text {number}"), NOON + number * MINUTE)
    before = list(records.changes(NOON, NOON + 99 * MINUTE))
    records.weed("/a/", NOON, by=("anna", "bo"), decision="2027/14")
    file(records, now=NOON + 50 * MINUTE)

    (records.folder / "index.sqlite3").unlink()

    assert list(records.changes(NOON, NOON + 99 * MINUTE))[1:] == before[1:]
    assert records.body(before[7]) == page("Text 7")
    with pytest.raises(RecordsError, match="weeded"):
        records.body(before[0])


def test_a_crash_between_a_pack_and_the_index_leaves_both_whole(records: Records) -> None:
    keep(records, "/a/", page("A"), NOON)
    index = (records.folder / "index.sqlite3").read_bytes()
    keep(records, "/a/", page("B"), NOON + MINUTE)
    (records.folder / "index.sqlite3").write_bytes(index)

    keep(records, "/a/", page("C"), NOON + 2 * MINUTE)

    found = [records.body(each) for each in records.changes(NOON, NOON + 9 * MINUTE)]
    assert found == [page("A"), page("B"), page("C")]
    assert faults(records) == []


@pytest.mark.parametrize("weeded_before", ["the pack", "the index", "the bytes"])
def test_what_a_crash_left_of_a_weeding_is_done_by_the_next_run(
    records: Records, weeded_before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(records, "/a/", page("Hemligt"), NOON)
    index = (records.folder / "index.sqlite3").read_bytes()
    records.weed("/a/", NOON, by=("anna", "bo"), decision="2027/14")
    where = {
        "the pack": "packs.NewPack.end",
        "the index": "packs.Packs.wipe",
        "the bytes": "packs.Packs.wipe",
    }
    with monkeypatch.context() as broken:
        broken.setattr(f"pages.records.{where[weeded_before]}", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            file(records, now=NOON + MINUTE)
    if weeded_before == "the index":
        (records.folder / "index.sqlite3").write_bytes(index)

    file(records, now=NOON + 2 * MINUTE)

    assert not any(Packs(records.folder).bodies_of(1).read_bytes())
    assert not list(records.decisions.all())
    assert faults(records) == []


def test_bytes_that_another_record_holds_are_weeded_with_the_last_of_them(records: Records) -> None:
    keep(records, "/a/", page("Samma"), NOON)
    keep(records, "/b/", page("Samma"), NOON + MINUTE)
    for address, still in (("/a/", True), ("/b/", False)):
        records.weed(address, NOON + MINUTE, by=("anna", "bo"), decision="2027/14")
        file(records, now=NOON + 2 * MINUTE)

        assert any(Packs(records.folder).bodies_of(1).read_bytes()) == still
    keep(records, "/c/", page("Samma"), NOON + 3 * MINUTE)

    assert body_at(records, "/c/", NOON + 3 * MINUTE) == page("Samma")
    assert faults(records) == []


@pytest.mark.parametrize("shown_on", [1, 2, 4, 60])
def test_words_that_are_weeded_from_every_page_lie_nowhere_in_the_records(
    records: Records, process: Process, shown_on: int
) -> None:
    drawn, secret = random.Random(7), "Anna Andersson 19800101-1234 bor på Storgatan 5 i Umeå"
    for number, version in enumerate(("v1", "v2")):
        at = NOON + number * MINUTE
        process.version(version, f"v{number}" if number else "", at)
        for each in range(60):
            words = " ".join(str(drawn.randrange(10**6)) for _word in range(30))
            process.rendering(
                f"/{each}/",
                page(words + secret * (each < shown_on), f"Sidfot {version}"),
                version,
                at,
            )
        file(records, now=at + MINUTE / 2)
    for each in range(shown_on):
        for number in range(2):
            at = NOON + number * MINUTE
            records.weed(f"/{each}/", at, by=("anna", "bo"), decision="2027/14")

    file(records, now=NOON + 5 * MINUTE)

    kept = [path.read_bytes() for path in records.folder.rglob("*") if path.is_file()]
    assert not any(
        word.encode() in each for each in kept for word in ("Andersson", "19800101-1234")
    )
    # Each body lies there by itself, without anything that it was compressed with.
    assert not (records.folder / "files").exists()
    with records._index() as index:
        for (digest,) in index.rows("SELECT digest FROM body WHERE NOT is_weeded"):
            place = index.place_of(digest)
            assert place
            packed = index.packs.bodies_of(place.pack).read_bytes()[place.begin :][: place.length]
            assert secret.encode() not in zlib.decompress(packed)
    assert faults(records) == []


def test_a_record_that_is_changed_moved_or_removed_is_named(
    records: Records, process: Process, rounds: Callable[[int, int], int]
) -> None:
    drawn = random.Random(27)
    process.version("first", "", NOON - MINUTE)
    for letter in "abc":
        process.rendering(f"/{letter}/", page(f"Först {letter}"), "first", NOON - MINUTE)
    file(records, now=NOON)
    for number in range(6):
        for letter in "abc":
            at = NOON + number * MINUTE + timedelta(seconds=ord(letter) - 97)
            keep(records, f"/{letter}/", page(f"{letter} {number} {drawn.random()}"), at)
    packs = Packs(records.folder)
    whole = verified(packs)
    assert (whole.records, whole.found) == (21, [])

    for _round in range(rounds(5, 50)):
        for spoil in _WAYS:
            saved = {path: path.read_bytes() for path in (records.folder / "packs").iterdir()}
            address, pack = spoil(packs, drawn)

            found = faults(records)

            assert found, spoil
            assert found[0].pack == pack, spoil
            assert address in ("", found[0].address), (spoil, address, found)
            for path, content in saved.items():
                _write(path, content)
    assert faults(records) == []


def _drawn_record(packs: Packs, drawn: random.Random) -> tuple[int, list[bytes], int, Any]:
    """Pack, lines of its log, the number of one that is a record, and what it tells."""
    number = drawn.choice(packs.numbers())
    lines = packs.log(number).splitlines(keepends=True)
    entries = list(packs.entries(number))
    at = drawn.choice([at for at, entry in enumerate(entries) if "body" in entry])
    return number, lines, at, entries[at]


def _change_a_line(packs: Packs, drawn: random.Random) -> tuple[str, int]:
    number, lines, at, entry = _drawn_record(packs, drawn)
    lines[at] = lines[at].replace(b'"status":200', b'"status":201')
    _write(packs.log_of(number), b"".join(lines))
    return entry["met"], number


def _change_a_body(packs: Packs, drawn: random.Random) -> tuple[str, int]:
    number, _lines, _at, entry = _drawn_record(packs, drawn)
    bodies = bytearray(packs.bodies_of(number).read_bytes())
    begin, length = entry["at"]
    bodies[begin + drawn.randrange(length)] ^= 0xFF
    _write(packs.bodies_of(number), bytes(bodies))
    return entry["met"], number


def _move_packs(packs: Packs, drawn: random.Random) -> tuple[str, int]:
    """Two logs change places."""
    first, second = sorted(drawn.sample(packs.numbers(), 2))
    one, other = packs.log(first), packs.log(second)
    _write(packs.log_of(first), other)
    _write(packs.log_of(second), one)
    return "", first


def _remove_a_pack(packs: Packs, drawn: random.Random) -> tuple[str, int]:
    number = drawn.choice(packs.numbers())
    packs.log_of(number).unlink()
    return "", number


def _remove_a_record(packs: Packs, drawn: random.Random) -> tuple[str, int]:
    number, lines, at, _entry = _drawn_record(packs, drawn)
    _write(packs.log_of(number), b"".join(lines[:at] + lines[at + 1 :]))
    return "", number


def _move_a_record(packs: Packs, drawn: random.Random) -> tuple[str, int]:
    """In the first pack, which has three, one comes before another."""
    lines = packs.log(1).splitlines(keepends=True)
    records = [at for at, entry in enumerate(packs.entries(1)) if "body" in entry]
    first, second = sorted(drawn.sample(records, 2))
    lines[first], lines[second] = lines[second], lines[first]
    _write(packs.log_of(1), b"".join(lines))
    return "", 1


def _remove_bodies(packs: Packs, drawn: random.Random) -> tuple[str, int]:
    number = drawn.choice(packs.numbers())
    packs.bodies_of(number).unlink()
    return "", number


_WAYS = (
    _change_a_line, _change_a_body, _move_packs, _move_a_record, _remove_a_pack,
    _remove_a_record, _remove_bodies,
)  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def test_what_is_decided_of_a_record_that_is_not_there_is_laid_aside(records: Records) -> None:
    keep(records, "/a/", page("A"), NOON)
    records.decisions.add("weed", "/b/", 7, by=["anna", "bo"], reason="2027/14")

    file(records, now=NOON + MINUTE)

    assert not list(records.decisions.all())


def test_a_chain_that_was_written_anew_lacks_a_hash_that_was_noted(
    records: Records, tmp_path: Path
) -> None:
    keep(records, "/a/", page("A"), NOON)
    noted = verified(Packs(records.folder)).last_hash
    keep(records, "/a/", page("B"), NOON + MINUTE)
    anew = Records(tmp_path / "anew", tmp_path / "other-spool")
    keep(anew, "/a/", page("Förfalskad"), NOON)

    assert faults(records, noted) == []
    assert faults(anew, noted)


def test_without_its_index_a_damaged_pack_is_named_and_nothing_is_written_over_it(
    records: Records,
) -> None:
    for number in range(3):
        keep(records, "/a/", page(f"Text {number}"), NOON + number * MINUTE)
    packs = Packs(records.folder)
    log = packs.log(2)
    _write(packs.log_of(2), log[:-20])
    (records.folder / "index.sqlite3").unlink()

    assert faults(records)[0].pack == 2
    with pytest.raises(BrokenError):
        file(records, now=NOON + 9 * MINUTE)
    assert packs.log(2) == log[:-20]
    assert packs.log_of(3).exists()


def test_two_who_file_at_the_same_time_do_not_wait_for_each_other(
    records: Records, process: Process
) -> None:
    process.version("v1", "", NOON)
    process.rendering("/a/", page("A"), "v1", NOON)

    with alone(records.folder) as is_alone:
        assert is_alone
        assert file(records, now=NOON + MINUTE).records == 0

    assert file(records, now=NOON + MINUTE).records == 1
