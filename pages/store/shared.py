"""The shared cache: answers that one process has rendered, for all processes on all machines.

The key of an answer holds the content version and the release that made it, and the answer is
signed. An intruder in the cache can neither change a page nor see what somebody searched for.
Without the cache the site is only slower.
"""

import hashlib
import json
import os
import time
from functools import cache

from django.conf import settings
from django.core.cache import caches
from django.utils.crypto import constant_time_compare, salted_hmac

from .answer import Answer
from .question import Question

ALIAS = "shared"
_LONGEST_SECONDS = 24 * 60 * 60
_SALT = "pages.store.shared"
_SIGNATURE_BYTES = 32
_FOLDERS = ("cooperation", "pages", "sapo_site", "templates", "tips")


def shared_answer_to(question: Question, version: str) -> Answer | None:
    """The answer that another process has rendered, if its signature is right."""
    if not _may_be_shared(question):
        return None
    key = _key(question, version)
    kept: bytes | None = caches[ALIAS].get(key)
    if kept is None or not constant_time_compare(kept[:_SIGNATURE_BYTES], _signature(key, kept)):
        return None
    head, _line, rest = kept[_SIGNATURE_BYTES:].partition(b"\n")
    status, headers, tag, made_at, until, lengths = json.loads(head)
    if until <= time.time():  # the cache's clock may be wrong
        return None
    bodies = {}
    for encoding, length in lengths.items():
        bodies[encoding], rest = rest[:length], rest[length:]
    return Answer(
        status=status,
        headers=tuple((name, value) for name, value in headers),
        bodies=bodies,
        tag=tag,
        version=version,
        made_at=made_at,
        until=until,
    )


def keep(question: Question, answer: Answer) -> None:
    """Gives the answer to the other processes, for as long as it may be used."""
    if not _may_be_shared(question):
        return
    lengths = {encoding: len(body) for encoding, body in answer.bodies.items()}
    head = [answer.status, answer.headers, answer.tag, answer.made_at, answer.until, lengths]
    content = b"\n".join([json.dumps(head).encode(), b"".join(answer.bodies.values())])
    key = _key(question, answer.version)
    signed = _signature(key, bytes(_SIGNATURE_BYTES) + content) + content
    caches[ALIAS].set(key, signed, min(answer.until - time.time(), _LONGEST_SECONDS))


def _may_be_shared(question: Question) -> bool:
    """Whether there is a shared cache; what somebody searched for never leaves the process."""
    return ALIAS in settings.CACHES and not question.query


def _key(question: Question, version: str) -> str:
    parts = [_made_by(), version, question.scheme, question.host, question.path]
    words = json.dumps([*parts, question.notice_is_closed])
    return salted_hmac(_SALT, words, algorithm="sha256").hexdigest()


def _signature(key: str, kept: bytes) -> bytes:
    content = key.encode() + kept[_SIGNATURE_BYTES:]
    return salted_hmac(f"{_SALT}.signature", content, algorithm="sha256").digest()


@cache
def _made_by() -> str:
    """A hash of the code and settings, so that a release takes no answer of another one."""
    project, static = settings.PROJECT_DIR, settings.STATIC_ROOT / "staticfiles.json"
    files = [project / "requirements.txt", *([static] if static.exists() else [])]
    for folder in _FOLDERS:
        files += sorted(
            path for path in (project / folder).rglob("*") if path.suffix in (".html", ".mo", ".py")
        )
    total = hashlib.sha256()
    for path in files:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    for name in sorted(name for name in os.environ if name.startswith("SAPO_")):
        total.update(f"{name}={os.environ[name]}\0".encode())
    return total.hexdigest()
