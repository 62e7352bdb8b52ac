"""Calls whoever is on duty when an urgent tip lies unread. Not a word of it is said, nor which it is.

Every morning of the keyring's last week it calls as well: after that no tip comes in at all.

That a tip is urgent stands under its seal. So the intake marks it, where an alarm listens, and the
mark is taken away when somebody has read the tip.
"""

import fcntl
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from django.utils.timezone import localdate, localtime

from tips.keeping.folders import set_day
from tips.keeping.present_keyring import trusted_now
from tips.keeping.vault import Vault
from tips.models import State, Tip, Tombstone
from tips.router import DATABASE
from tips.sealing.keyring import KeyringError, is_urgent

AGAIN_AFTER = 2 * 60 * 60
PATIENCE = 30
_LONGEST_WORDS = 200
_KEYRING, _MORNING = "keyring", 8
# The secrets of the service are not for a command that somebody else has written.
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}

_Sounded = dict[str, float]


class AlarmFailed(Exception):
    """The command did not do it; `code` is what it ended with, None where it did not end."""

    def __init__(self, code: int | None, words: str = "") -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def sound(vault: Vault, command: Sequence[str]) -> bool:
    """Runs the command once if any urgent tip lies unread of which nobody was told of late.

    Or if the keyring is at its end, once a day. Each tip is told of once, and again while nobody has read it. If the command fails, it raises
    AlarmFailed, and the next round tries again.
    """
    with _listening(vault) as sounded:
        calm_the_read(vault)
        unread, now = [str(tip_id) for tip_id in vault.urgent()], time.time()
        for gone in sounded.keys() - {*unread, _KEYRING}:
            del sounded[gone]
        # A clock that was set back is no reason for silence.
        due = [tip for tip in unread if not 0 <= now - sounded.get(tip, 0) < AGAIN_AFTER]
        if _is_keyring_due(sounded.get(_KEYRING, 0)):
            due.append(_KEYRING)
        if due:
            call_duty(command)
            sounded |= dict.fromkeys(due, now)
    return bool(due)


def _is_keyring_due(sounded: float) -> bool:
    now = localtime()
    if now.hour < _MORNING or localtime(datetime.fromtimestamp(sounded, UTC)).date() == now.date():
        return False
    try:
        return is_urgent(trusted_now().ring, now.date())
    except KeyringError:  # the form is closed, and the selftest says why
        return False


def fall_silent(vault: Vault) -> None:
    """Where nobody is called, no tip is marked."""
    vault.listener.unlink(missing_ok=True)
    for tip_id in vault.urgent():
        vault.calm(tip_id)


def calm_the_read(vault: Vault) -> None:
    """Takes the mark from tips that somebody has read, or that are gone."""
    marked = vault.urgent()
    handled = Tip.objects.using(DATABASE).filter(pk__in=marked).exclude(state=State.RECEIVED)
    purged = Tombstone.objects.using(DATABASE).filter(pk__in=marked)
    for tip_id in {*handled.values_list("pk", flat=True), *purged.values_list("pk", flat=True)}:
        vault.calm(tip_id)


def call_duty(command: Sequence[str]) -> None:
    """Runs the command without a shell, with nothing but a path, and for so long only."""
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(  # noqa: S603
                command,
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        except OSError as fault:
            raise AlarmFailed(None, fault.strerror or "") from None
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # With all that it has started.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise AlarmFailed(None) from None
        if code:
            said.seek(0)
            raise AlarmFailed(code, _last_line(said.read()))


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1][:_LONGEST_WORDS] if lines else ""


@contextmanager
def _listening(vault: Vault) -> Iterator[_Sounded]:
    """When the alarm was given for each tip; kept if all goes well, by one process at a time.

    That the file is there tells the intake that somebody listens.
    """
    vault.root.mkdir(mode=0o770, parents=True, exist_ok=True)
    descriptor = os.open(vault.listener, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        sounded = _read(file.read())
        before = dict(sounded)
        yield sounded
        if sounded != before:
            file.seek(0)
            file.truncate()
            json.dump(sounded, file)
    set_day(vault.listener, localdate())


def _read(text: str) -> _Sounded:
    """What the file says; nothing where a crash has cut it off: rather one alarm too many."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {tip: at for tip, at in found.items() if isinstance(at, int | float)}
