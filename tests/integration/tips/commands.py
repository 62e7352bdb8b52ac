"""Runs the channel's commands as an operator would, and keeps what they say."""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, load_command_class

from tips.signing.signera import run_signera

ALL = (
    "tips_alarm", "tips_export", "tips_headers", "tips_intake_key", "tips_janitor", "tips_keyring", "tips_notice",
    "tips_opener", "tips_restored", "tips_selftest", "tips_status", "tips_stop",
)  # fmt: skip


def said(name: str, *words: Any, typed: str = "") -> str:
    """What the command says, all of it; a fault raises."""
    out = io.StringIO()
    with _typing(typed):
        call_command(name, *map(str, words), stdout=out, stderr=out)
    return out.getvalue()


def fault(name: str, *words: Any, typed: str = "") -> str:
    """The one line with which the command ends in failure."""
    with pytest.raises(CommandError) as caught:
        said(name, *words, typed=typed)
    text = str(caught.value)
    assert caught.value.returncode == 1
    assert text
    assert "\n" not in text
    return text


def signera(*words: Any, typed: str = "") -> str:
    """What `signera.pyz` says, all of it; a fault raises."""
    code, text = _signed(words, typed)
    assert code == 0, text
    return text


def signera_fault(*words: Any, typed: str = "") -> str:
    """The one line with which it ends in failure, after what was asked on the same line."""
    code, text = _signed(words, typed)
    last = text.rstrip("\n").rpartition("\n")[2]
    assert code == 1, text
    assert "Oväntat fel" not in last
    return last


def _signed(words: tuple[Any, ...], typed: str) -> tuple[int, str]:
    out = io.StringIO()
    code = 0
    with _typing(typed), redirect_stdout(out), redirect_stderr(out):
        try:
            run_signera([*map(str, words)])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.getvalue()


def tips_in(path: Path) -> list[dict[str, Any]]:
    """What a bundle says of each tip in it."""
    with zipfile.ZipFile(path) as archive:
        found: list[dict[str, Any]] = json.loads(archive.read("manifest.json"))["tips"]
    return found


def help_of(name: str) -> str:
    return load_command_class("tips", name).create_parser("manage.py", name).format_help()


@contextmanager
def _typing(text: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
