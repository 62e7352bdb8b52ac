"""The edition on another machine: what is sent there, what it refuses, and what it shows alone."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sapo_site.operating.mirror import Mirror, PushError

from .mirror_machine import MirrorMachine

PAGE = "edition/current/verksamheten/index.html"


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """What lies on the first machine when an edition is whole."""
    var = tmp_path / "var"
    _edition(var, "a.0", {"": b"start", "verksamheten": b"verksamheten", "kort": b"kort"})
    for path, content in {
        "static/css/site.0123456789ab.css": b"main{}",
        "files/public/images/x/bild.webp": b"RIFF",
        "edition/secret": b"no page",
    }.items():
        (var / path).parent.mkdir(parents=True, exist_ok=True)
        (var / path).write_bytes(content)
    return var


def _edition(var: Path, name: str, pages: dict[str, bytes], *, whole: bool = True) -> None:
    """Makes an edition current, as the job does."""
    edition = var / "edition"
    for page, content in pages.items():
        place = edition / name / page
        place.mkdir(parents=True, exist_ok=True)
        for file in ("index.html", "index.html.gz", "index.html.br", "answer.json"):
            (place / file).write_bytes(content + file.encode())
    (edition / name).mkdir(parents=True, exist_ok=True)
    if whole:
        (edition / name / "whole").write_text("9")
    current = edition / "current"
    if current.exists():
        (edition / "former").unlink(missing_ok=True)
        if not whole:
            (edition / "former").symlink_to(os.readlink(current))
    current.unlink(missing_ok=True)
    current.symlink_to(name)


@pytest.fixture
def machine(tmp_path: Path, var: Path) -> Iterator[MirrorMachine]:
    machine = MirrorMachine(tmp_path / "mirror", var)
    with machine.sshd():
        yield machine


@pytest.fixture
def sender(machine: MirrorMachine) -> Mirror:
    """One that has sent the edition already."""
    sender = machine.sender()
    assert sender.send()
    return sender


def test_a_mirror_shows_every_page_picture_and_style_sheet_and_nothing_else(machine, sender):
    assert {name for name in machine.shown() if "index.html" not in name} == {
        "static/css/site.0123456789ab.css", "files/public/images/x/bild.webp", "manifest", "manifest.sig",
    }  # fmt: skip
    assert machine.shown()[PAGE] == b"verksamhetenindex.html"
    assert machine.shown()[f"{PAGE}.br"] == b"verksamhetenindex.html.br"
    modes = {path.stat().st_mode & 0o777 for path in (machine.site / "current/").rglob("*")}
    assert modes == {0o755, 0o644}, "nginx reads it as another user"


def test_what_is_as_it_was_is_not_sent_again(machine, sender):
    serial = machine.serial()
    assert not sender.send()
    assert machine.serial() == serial


def test_what_is_withdrawn_leaves_the_mirror_before_the_next_edition_is_whole(machine, sender, var):
    _edition(var, "b.0", {"verksamheten": b"ny"}, whole=False)
    for file in ("index.html", "index.html.gz", "index.html.br", "answer.json"):
        (var / "edition/a.0/kort" / file).unlink()
    assert sender.send()
    shown = machine.shown()
    assert shown[PAGE] == b"nyindex.html"
    assert shown["edition/current/index.html"] == b"startindex.html"
    assert not [name for name in shown if "kort" in name]
    assert not [
        path for path in machine.site.rglob("*") if "kort" in path.as_posix() and path.is_file()
    ]


def test_an_edition_that_is_begun_from_nothing_leaves_the_mirror_as_it_was_until_it_is_whole(
    machine, sender, var
):
    former = machine.shown()
    (var / "edition/current").unlink()
    assert not sender.send()
    _edition(var, "b.0", {"": b"ny"}, whole=False)
    assert not sender.send()
    assert machine.shown() == former
    _edition(var, "b.0", {"": b"ny"})
    assert sender.send()
    assert machine.shown()["edition/current/index.html"] == b"nyindex.html"


def test_the_crisis_page_goes_along_and_is_taken_away(machine, sender, var):
    (var / "edition/emergency.html").write_bytes(b"Viktigt")
    assert sender.send()
    assert machine.shown()["edition/emergency.html"] == b"Viktigt"
    (var / "edition/emergency.html").unlink()
    assert sender.send()
    assert "edition/emergency.html" not in machine.shown()


# What a service has laid in a file's place: the keys lie where whoever sends reads them.


def _is_said_once(machine, sender, capfd, path: Path, what: str) -> None:
    """And no key of the machine's has come to the mirror."""
    for _time in range(2):
        sender._sent_at = 0
        assert sender.send()
    said = capfd.readouterr().err
    assert said == f"<3>127.0.0.1: {str(path)!r} är {what}, och skickas inte\n"
    for file in machine.site.rglob("*"):
        assert not file.is_file() or b"PRIVATE KEY" not in file.read_bytes(), file


@pytest.mark.parametrize(
    "place", ["emergency.html", "a.0/kort/index.html", "a.0/kort/index.html.gz"]
)
def test_a_link_in_the_place_of_a_page_is_neither_signed_nor_sent(
    machine, sender, var, capfd, place
):
    page = var / "edition" / place
    page.unlink(missing_ok=True)
    page.symlink_to(machine.keys / "mirror.sign")
    _is_said_once(machine, sender, capfd, page, "ingen fil")
    assert f"edition/{place}".replace("a.0", "current") not in machine.shown()
    assert machine.shown()[PAGE] == b"verksamhetenindex.html"


def test_a_pipe_in_the_place_of_a_page_is_not_waited_for(machine, sender, var, capfd):
    os.mkfifo(var / "edition/emergency.html")
    _is_said_once(machine, sender, capfd, var / "edition/emergency.html", "ingen fil")


def test_a_link_among_the_pictures_keeps_nothing_else_from_the_mirror(machine, sender, var, capfd):
    link = var / "files/public/images/key.webp"
    link.symlink_to(machine.keys / "mirror.sign")
    (var / "files/public/images/ny.webp").write_bytes(b"RIFF")
    _is_said_once(machine, sender, capfd, link, "ingen fil")
    assert machine.shown()["files/public/images/ny.webp"] == b"RIFF"


@pytest.mark.parametrize("place", ["files/public/keys", "edition/a.0/keys"])
def test_a_link_to_a_folder_leads_nowhere(machine, sender, var, capfd, place):
    (machine.keys / "index.html").write_bytes((machine.keys / "mirror.sign").read_bytes())
    (var / place).symlink_to(machine.keys)
    _is_said_once(machine, sender, capfd, var / place, "en länk")


@pytest.mark.parametrize("place", ["files/public", "edition/current"])
def test_where_a_whole_folder_leads_elsewhere_nothing_is_sent(machine, sender, var, place):
    former = machine.shown()
    (machine.keys / "whole").touch()
    (var / place).rename(var / "away")
    (var / place).symlink_to(machine.keys)
    with pytest.raises(PushError, match=f"{place} leder någon annanstans"):
        sender.send()
    assert machine.shown() == former


# What is refused: the former edition stands, and one line says why.


def _refused(machine: MirrorMachine, why: str, change) -> None:
    former = machine.shown()
    change()
    done = machine.take()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Spegeln visar kvar det den visade: {why}.\n"
    assert machine.shown() == former
    assert not (machine.site / "taken").exists()


def _newer(machine: MirrorMachine) -> bytes:
    manifest = (machine.site / "current/manifest").read_bytes()
    return b"serial %d\n" % (machine.serial() + 1) + manifest.partition(b"\n")[2]


def _laid(machine: MirrorMachine) -> Path:
    """The page as it lies where rsync writes, with a newer manifest, rightly signed."""
    machine.sign(_newer(machine))
    return machine.site / "incoming" / PAGE


def test_a_changed_byte_is_refused(machine, sender):
    page = _laid(machine)
    text = page.read_bytes()
    _refused(
        machine, "en fil är inte den som signerades", lambda: page.write_bytes(b"V" + text[1:])
    )


def test_a_changed_byte_with_the_former_time_is_refused_too(machine, sender):
    page = _laid(machine)
    status, text = page.stat(), page.read_bytes()
    page.write_bytes(b"V" + text[1:])
    times = (status.st_atime_ns, status.st_mtime_ns)
    os.utime(page, ns=times)
    # The mirror goes by its own file, which is right: what was sent is not shown.
    former = machine.shown()[PAGE]
    assert machine.take().returncode == 0
    assert machine.shown()[PAGE] == former


def test_a_missing_file_and_one_too_many_are_refused(machine, sender):
    why = "filerna är inte de som signerades"
    page = _laid(machine)
    text = page.read_bytes()
    _refused(machine, why, page.unlink)
    page.write_bytes(text)
    _refused(machine, why, (machine.site / "incoming/static/more.js").touch)


def test_a_link_or_a_pipe_is_no_file(machine, sender):
    page = _laid(machine)
    text = page.read_bytes()
    (machine.folder / "elsewhere").write_bytes(text)
    page.unlink()
    page.symlink_to(machine.folder / "elsewhere")
    _refused(machine, "filerna är inte de som signerades", lambda: None)
    page.unlink()
    os.mkfifo(page)
    _refused(machine, "filerna är inte de som signerades", lambda: None)


def test_an_older_edition_is_refused_though_it_is_rightly_signed(machine, sender, var):
    incoming = machine.site / "incoming"
    old = {name: (incoming / name).read_bytes() for name in ("manifest", "manifest.sig", PAGE)}
    first = machine.serial()
    _edition(var, "b.0", {"": b"start", "verksamheten": b"mended", "kort": b"kort"})
    assert sender.send()

    def replay() -> None:
        shutil.copytree(var / "edition/a.0", incoming / "edition/current", dirs_exist_ok=True)
        for name, content in old.items():
            (incoming / name).write_bytes(content)

    _refused(machine, f"utgåva {first} är äldre än {machine.serial()}, som visas", replay)


def test_an_edition_that_nobody_or_somebody_else_signed_is_refused(machine, sender):
    newer = _newer(machine)
    _refused(machine, "signaturen stämmer inte", lambda: machine.sign(newer, key="stranger"))
    signature = machine.site / "incoming/manifest.sig"
    _refused(
        machine, "innehållsförteckningen eller dess signatur saknas",
        lambda: (machine.sign(newer), signature.unlink()),
    )  # fmt: skip
    machine.sign(newer)
    _refused(
        machine, "signaturen stämmer inte",
        lambda: (machine.site / "incoming/manifest").write_bytes(newer.replace(b"serial ", b"serial 9")),
    )  # fmt: skip


def test_what_was_refused_is_said_to_the_first_machine_and_mended_by_the_next_sending(
    machine, sender, var
):
    page = machine.site / "incoming" / PAGE
    status, text = page.stat(), page.read_bytes()
    page.write_bytes(b"V" + text[1:])
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    # A mirror that has lost what it showed has nothing else to go by.
    (machine.site / "current").unlink()
    (var / "edition/emergency.html").write_bytes(b"Viktigt")
    with pytest.raises(PushError, match="rsync: Spegeln visar kvar det den visade: en fil är inte"):
        sender.send()
    assert sender.send()
    assert machine.shown()[PAGE] == text


# The way there.


def test_the_key_that_sends_can_neither_read_nor_run_anything_nor_write_elsewhere(machine, sender):
    ssh = sender._ssh()
    said = [
        subprocess.run([*ssh, "127.0.0.1", words], capture_output=True, text=True, timeout=20)
        for words in (
            "id",
            "cat /etc/hostname",
            "rsync --server --sender -r . .",
            "rsync --daemon .",
        )
    ]
    assert all(done.returncode for done in said), said
    assert [done.stdout for done in said] == [""] * len(said)
    (machine.folder / "evil").write_text("x")
    shell = " ".join(ssh)
    for place in (f"{machine.folder}/", "../editions/", "/../../"):
        subprocess.run(
            ["/usr/bin/rsync", "-e", shell, machine.folder / "evil", f"127.0.0.1:{place}"],
            capture_output=True,
        )
    found = {path.relative_to(machine.folder).as_posix() for path in machine.folder.rglob("evil")}
    assert found - {"evil"} <= {path for path in found if path.startswith("site/incoming/")}
    tunnel = subprocess.run(
        [*ssh, "-N", "-o", "ExitOnForwardFailure=yes", "-R", "127.0.0.1:0:127.0.0.1:1", "127.0.0.1"],
        capture_output=True, timeout=20,
    )  # fmt: skip
    assert tunnel.returncode


def test_a_machine_that_is_not_the_one_it_says_is_sent_nothing(machine, var):
    (machine.keys / "mirror.known_hosts").write_text(
        f"[127.0.0.1]:{machine.port} {machine._public('stranger')}"
    )
    with pytest.raises(PushError, match=r"^rsync: "):
        machine.sender().send()
    assert not (machine.site / "current").exists()


def test_the_serial_goes_on_though_the_clock_goes_back(machine, sender, monkeypatch):
    before = machine.serial()
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000_000)
    again = machine.sender()
    assert again.send()
    assert machine.serial() == before + 1


@pytest.mark.parametrize(
    "target", ["", "-oProxyCommand=x", "a b", "m1.example.se:", "nowhere.example.se"]
)
def test_a_mirror_that_cannot_be_is_said_in_one_line(tmp_path, target):
    with pytest.raises(PushError, match=r"^(Ange spegelns namn|/.* saknas: deploy/install)"):
        Mirror(target, tmp_path, tmp_path)
