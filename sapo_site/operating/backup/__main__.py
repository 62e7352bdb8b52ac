"""`deploy/manage backup` and `deploy/manage restore`."""

import argparse
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from . import sending, standing
from .machine import BackupError, this_machine
from .rehearsing import rehearse
from .restoring import restore_site


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BackupError(
            "deploy/manage backup [--follow | --status], eller deploy/manage"
            " restore MAPP [--identity FIL] [--moment 2027-01-31T14:05+01:00] [--rehearse]"
        )


def obey(words: list[str]) -> str:
    given = _parser().parse_args(words)
    if os.geteuid() != 0:
        raise BackupError("Kör detta som root.")
    if given.command == "restore":
        identity = _identity(given.identity)
        if given.rehearse:
            return rehearse(given.folder, identity, given.moment)
        return restore_site(this_machine(), given.folder, identity, given.moment)
    if given.status:
        return standing.told(this_machine())
    if given.follow:
        sending.Follower(this_machine()).run()
    sending.send_all(this_machine())
    return "Allt är skickat."


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="deploy/manage")
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser("backup", help="skickar en hel säkerhetskopia")
    backup.add_argument(
        "--follow", action="store_true", help="och sedan det som är nytt, hela tiden"
    )
    backup.add_argument("--status", action="store_true", help="hur gammal den senaste goda är")
    back = commands.add_parser("restore", help="gör en tom dator till sajten i en säkerhetskopia")
    back.add_argument("folder", type=Path, metavar="MAPP")
    back.add_argument(
        "--identity",
        default="-",
        metavar="FIL",
        help="age-nyckeln; annars läses den från standard in",
    )
    back.add_argument(
        "--moment",
        type=lambda text: datetime.fromisoformat(text).astimezone(),
        metavar="TIDPUNKT",
        help="2027-01-31T14:05+01:00",
    )
    back.add_argument(
        "--rehearse", action="store_true", help="återställ i en mapp, jämför och släng"
    )
    return parser


def _identity(name: str) -> bytes:
    try:
        identity = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BackupError(f"{name} går inte att läsa: {error.strerror}") from error
    if b"AGE-SECRET-KEY-" not in identity:
        raise BackupError("Där finns ingen age-nyckel.")
    return identity


def answer_in_a_line(words: list[str]) -> None:
    try:
        print(obey(words))
    except (BackupError, OSError) as error:
        sys.exit(str(error))
    except subprocess.SubprocessError as error:
        sys.exit(f"Ett program misslyckades: {error}")


if __name__ == "__main__":
    os.umask(0o077)
    answer_in_a_line(sys.argv[1:])
