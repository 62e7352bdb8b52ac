"""Invented tips, so that the demo's desk has something to open."""

import io
import tomllib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.timezone import localdate, localtime
from PIL import Image

from tips.handling import acting, handlers, steps
from tips.keeping import intake
from tips.keeping.present_keyring import signed_now
from tips.keeping.vault import vault_now
from tips.questions import QUESTIONS
from tips.sealing import age
from tips.sealing.statements import sign_statement

from .content_files import Entry
from .keys import DemoHandler
from .site import CONTENT, picture_file


def tips_stamp() -> Path:
    """The file that names the identity the tips were left for: purged tips are not left again."""
    return settings.VAR_DIR / "demo-tips"


def has_tips(identity: age.Identity) -> bool:
    stamp = tips_stamp()
    return stamp.exists() and stamp.read_text() == str(identity.recipient)


def leave_tips(handler: DemoHandler) -> None:
    """Leaves the tips as the form would, and handles some of them at the desk, as this handler.

    After a start that was cut off some of them are there twice.
    """
    if not getattr(settings, "DEMO", False):
        raise CommandError("Demots tips lämnas bara under demoinställningar.")
    for tip in tomllib.loads((CONTENT / "tips.toml").read_text())["tip"]:
        tip_id = _leave(tip)
        for step in tip.get("step", []):
            if step["name"] == "open":
                steps.open_tip(tip_id, handler.id)
            else:
                _take(handler, tip_id, step)
    stamp = tips_stamp()
    part = stamp.with_suffix(".part")
    part.write_text(str(handler.identity.recipient))
    part.replace(stamp)


def _leave(tip: Entry) -> UUID:
    return intake.leave(
        fields_of(tip),
        [_file(file) for file in tip.get("file", [])],
        language=tip.get("language", "sv"),
        received_on=localdate() - timedelta(days=tip["days_back"]) if tip["days_back"] else None,
    )


def fields_of(tip: Entry) -> dict[str, str]:
    """What is written and chosen in the form for it."""
    answers = {each.name: tip.get(each.name) for each in QUESTIONS}
    return {name: "1" if answer is True else answer for name, answer in answers.items() if answer}


def _file(file: dict[str, str]) -> tuple[str, str, bytes]:
    if "text" in file:
        return file["name"], "text/plain", file["text"].encode()
    content = io.BytesIO()
    with Image.open(picture_file(file["picture"])) as picture:
        picture.save(content, "JPEG", quality=85)
    return file["name"], "image/jpeg", content.getvalue()


def _take(handler: DemoHandler, tip_id: UUID, step: dict[str, str]) -> None:
    entry = handlers.handler_now(handler.id)
    if entry is None:
        raise CommandError(f"{handler.id} står inte i demots nyckelring.")
    statement = sign_statement(
        handler.key,
        act=step["name"],
        author=handler.id,
        keyring=signed_now().serial,
        tips={tip_id: acting.link_after(steps.find(tip_id))},
        value=step.get("value", ""),
        written=localtime(),
    )
    acting.act(statement, entry, vault_now())
