"""Lays a backup out beside the site, and moves it in when it is whole."""

import base64
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import mkdtemp
from typing import IO

from . import server
from .choosing import Chosen, check_link, choose
from .machine import FILES, BackupError, MachinePlaces, this_machine
from .pieces import opened
from .sending import release_of
from .wal import LaidLog
from .walks import inside, lay_out

# What the site itself finds, puts right or makes anew.
LOOKS = (
    ("records", "verify_records"),
    ("editorial", "serve_public_files"),
    ("records", "compare_records"),
    ("editorial", "verify_published"),
    ("desk", "tips_status", "--arrival"),
    ("intake", "tips_restored"),
    ("desk", "tips_janitor"),
    ("desk", "tips_status", "--verify"),
)
_MORE = {"tips_janitor": ["--ids"]}  # for the one who restores, and not for the journal
_NOT_TOLD = "tips_restored kördes inte: den sista ankomsten gick inte att läsa. Kör den innan formuläret öppnas."


@dataclass(frozen=True)
class LaidOut:
    """A backup as it was: the databases in a server of its own, the rest below a folder."""

    chosen: Chosen
    own: server.OwnServer
    root: Path


@contextmanager
def laid_out(
    chosen: Chosen, identity: bytes, moment: datetime | None, *, data: Path, files: Path
) -> Iterator[LaidOut]:
    """Makes folders in `data` and `files`, and takes them away."""
    version = chosen.said["postgres"]
    own = server.OwnServer(Path(mkdtemp(prefix="sapo-restore-", dir=data)), version)
    root = Path(mkdtemp(prefix="restore-", dir=files))
    var = root / "var" / "lib" / "sapo"
    try:
        var.mkdir(parents=True)
        _lay_databases(chosen, own, identity)
        for part in FILES:
            _lay_files(chosen, part, var, identity)
        _lay_settings(chosen, root, identity)
        own.recover(moment.isoformat() if moment else "")
        yield LaidOut(chosen, own, root)
    finally:
        own.stop()
        shutil.rmtree(own.folder, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)


def _lay_databases(chosen: Chosen, own: server.OwnServer, identity: bytes) -> None:
    own.data.mkdir(mode=0o700)
    with opened(chosen.full("database"), identity) as piece:
        _unpack_databases(piece, own.data)
    _given_to_postgres(own.folder)
    own.verify()
    log = LaidLog(own.data)
    for name in chosen.more["wal"]:
        part = name[25:].removesuffix(".age")
        if log.is_of_it(part):
            with opened(chosen.folder / name, identity) as piece:
                log.add(part, piece)
    _given_to_postgres(own.folder)


def _unpack_databases(stream: IO[bytes], data: Path) -> None:
    with tarfile.open(mode="r|", fileobj=stream) as archive:
        for info in archive:
            inside(data, info.name)
            if not (info.isreg() or info.isdir()):
                raise BackupError(f"Databasernas del har något annat än filer: {info.name}")
            archive.extract(info, data, filter=_for_postgres)
    data.chmod(0o700)


def _for_postgres(info: tarfile.TarInfo, folder: str) -> tarfile.TarInfo:
    mode = 0o700 if info.isdir() else 0o600
    return tarfile.data_filter(info, folder).replace(mode=mode, deep=False)


def _given_to_postgres(folder: Path) -> None:
    subprocess.run(["chown", "--recursive", "postgres:postgres", str(folder)], check=True)


def _lay_files(chosen: Chosen, part: str, var: Path, identity: bytes) -> None:
    with opened(chosen.full(part), identity) as piece:
        lay_out(piece, var)
    before = chosen.stamp
    for name in chosen.more[part]:
        with opened(chosen.folder / name, identity) as piece:
            said = lay_out(piece, var)
        check_link(said, before, name)
        before = name[: len(chosen.stamp)]


def _lay_settings(chosen: Chosen, root: Path, identity: bytes) -> None:
    with opened(chosen.settings, identity) as piece:
        said = lay_out(piece, root)
    for name, secret in said["opened"].items():
        file = inside(root, f"etc/sapo/{name}.opened")
        file.unlink(missing_ok=True)  # a link that lay there would lead elsewhere
        file.touch(0o600)
        file.write_bytes(base64.b64decode(secret))


def restore_site(
    places: MachinePlaces, folder: Path, identity: bytes, moment: datetime | None
) -> str:
    """Makes this machine, which has no site yet, the site of the backup."""
    _refuse_what_is_there(places)
    chosen = choose(folder, identity, moment)
    if server.main_version() != chosen.said["postgres"]:
        raise BackupError(
            f"Kopian är gjord med PostgreSQL {chosen.said['postgres']}, här är {server.main_version()}."
        )
    data = Path(server.query("SHOW data_directory")[0])
    if data.is_mount():
        raise BackupError(
            f"{data} är en egen disk. Montera den på {data.parent}; här återställs ingenting."
        )
    places.state.mkdir(exist_ok=True)
    with laid_out(chosen, identity, moment, data=data.parent, files=places.state) as laid:
        _seal_secrets(laid.root / "etc" / "sapo")
        laid.own.stop()
        laid.own.give_back_settings()
        _swap(laid.own.data, data)
        _move_in(laid.root / "var" / "lib" / "sapo", places.var)
        _move_in(laid.root / "etc", places.root / "etc")
    return _afterwards(chosen)


# Debian's unit of that name stands for all clusters, and has stopped before they have.
_STOP = ["systemctl", "stop", "postgresql", "postgresql@*"]


def _swap(restored: Path, data: Path) -> None:
    """Lets the machine's PostgreSQL go on with the restored databases, or else with its own."""
    before = restored.with_name("before")
    subprocess.run(_STOP, check=True)
    data.rename(before)
    restored.rename(data)
    subprocess.run(["systemctl", "start", "postgresql"])
    if not server.answers():
        subprocess.run(_STOP, check=True)
        data.rename(restored)
        before.rename(data)
        subprocess.run(["systemctl", "start", "postgresql"], check=True)
        raise BackupError(
            "PostgreSQL startar inte med de återställda databaserna: se dess logg. Allt är som det var."
        )


def _refuse_what_is_there(places: MachinePlaces) -> None:
    if server.has_tables():
        raise BackupError("Databaserna är inte tomma. Här återställs ingenting.")
    for top in (top for tops in FILES.values() for top in tops):
        for path in (places.var / top).rglob("*"):
            if path.is_symlink() or not path.is_dir():
                raise BackupError(f"{places.var / top} är inte tom. Här återställs ingenting.")
    for path in (*places.settings.glob("*.env"), *places.settings.glob("*.key")):
        raise BackupError(
            f"{path} finns. Flytta undan {places.settings}; här återställs ingenting."
        )


def _move_in(source: Path, target: Path) -> None:
    """Moves files to where they belong, and lets each folder be whose it was."""
    for path in sorted(source.iterdir()):
        place = target / path.name
        if path.is_dir() and not path.is_symlink():
            status, is_new = path.stat(), not place.exists()
            if is_new:
                place.mkdir(mode=0o700)
                os.chown(place, status.st_uid, status.st_gid)
                place.chmod(status.st_mode & 0o7777)
            _move_in(path, place)
            if is_new:
                os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
        else:
            _move(path, place)


def _move(path: Path, place: Path) -> None:
    try:
        path.replace(place)
    except OSError:  # a disk of its own
        subprocess.run(["mv", "--no-target-directory", str(path), str(place)], check=True)


def _seal_secrets(settings: Path) -> None:
    """Seals to this machine what was sealed to the one that is gone."""
    for file in sorted(settings.glob("*.cred.opened")):
        sealed = file.with_suffix("")
        name = sealed.name.removesuffix(".cred").partition(".")[2]
        sealed.unlink(missing_ok=True)
        subprocess.run(
            ["systemd-creds", "encrypt", f"--name={name}", str(file), str(sealed)], check=True
        )
        file.unlink()


def looked_at(
    looks: Iterable[tuple[str, ...]],
    run: Callable[[str, list[str]], "subprocess.CompletedProcess[str]"],
) -> Iterator[tuple[list[str], "subprocess.CompletedProcess[str]"]]:
    """Runs commands of the site in order, each as a service, and prints what they say.

    The intake is told the last arrival, which the desk has said just before. Where nothing has ever
    been signed there is nothing to tell; where the desk has failed, nothing is told, and that has failed.
    """
    said, has_failed = "", False
    for service, *words in looks:
        if words == ["tips_restored"]:
            if has_failed:
                print(_NOT_TOLD, flush=True)
                yield words, subprocess.CompletedProcess(words, 1, "", _NOT_TOLD)
                continue
            if not said:
                continue
            words.append(said.split()[-1])
        done = run(service, words)
        said, has_failed = done.stdout, bool(done.returncode)
        print(said, end="", flush=True)
        yield words, done


def _afterwards(chosen: Chosen) -> str:
    def run(service: str, words: list[str]) -> "subprocess.CompletedProcess[str]":
        print(f"deploy/manage --as {service} {' '.join(words)}", flush=True)
        # As a service's user: what root reads from is the key.
        command = ["deploy/manage", "--as", service, *words, *_MORE.get(words[0], ())]
        return subprocess.run(
            command, stdin=DEVNULL, stdout=PIPE, text=True, start_new_session=True
        )

    failed = [" ".join(words) for words, done in looked_at(LOOKS, run) if done.returncode]
    restored = f"Återställt: databaserna till {chosen.last_rows}, filerna till {chosen.last_files}."
    if (number := chosen.said["release"]) and number != release_of(this_machine()):
        restored += f" Kopian gjordes med release {number}."
    if failed:
        raise BackupError(
            f"{restored} Se vad som sades av {', '.join(failed)} innan tjänsterna startas."
        )
    return restored
