"""Answers from the kept answers before Django's own handler is asked."""

import threading
import time
from collections.abc import Iterable
from contextlib import contextmanager
from io import BytesIO
from typing import Any, ClassVar

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.http import HttpResponse

from . import editions
from .answer import Answer, StartResponse
from .for_records import hand_over_answer, hand_over_to
from .keeping import ASKED_BY_STORE, UNTOUCHED, content_version_of, kept_until
from .kept_answers import Memory
from .question import COOKIE_NOTICE_CLOSED, Question, question_in
from .watch import watch

# Addresses with a query, such as searches, fill a memory of their own and no other.
_PART_FOR_QUERIES = 8
# So do missing pages: somebody who tries addresses at random displaces no page.
_PART_FOR_MISSING = 16
# How long a thread waits for another that renders the same page, before it renders it too.
_PATIENCE_SECONDS = 5
# How well brotli compresses: as files for many readers, or what readers wait for.
WELL, SOON = 11, 5
_OTHERS_HEADERS = ("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH",
                   "HTTP_IF_UNMODIFIED_SINCE", "HTTP_X_FORWARDED_FOR", "HTTP_ACCEPT_LANGUAGE")  # fmt: skip


class PageStore:
    """A WSGI application in front of Django's handler."""

    serving: ClassVar["PageStore | None"] = None

    def __init__(self, handler: WSGIHandler) -> None:
        PageStore.serving = self
        self._handler = handler
        most = settings.PAGE_STORE_BYTES
        self._pages = Memory(most)
        self._queries = Memory(most // _PART_FOR_QUERIES)
        self._missing = Memory(most // _PART_FOR_MISSING)
        self._rendering: dict[Question, threading.Lock] = {}
        self._lock = threading.Lock()
        self._mistakes = watch.mistakes

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(settings.WITHOUT_DATABASE):
            return self._handler(environ, start_response)
        version = watch.current()
        question = question_in(environ) if settings.PAGE_STORE else None
        if question is None:
            return self._handler(environ, start_response)
        self._forget_mistakes()
        kept = self._kept(question)
        if kept is not None and kept.version == version and kept.until > time.time():
            return kept.send(environ, start_response)
        # Without a database nothing can be rendered, and it takes time to find that out.
        if watch.is_blind and (standing := _standing(question, kept, version)):
            return standing.send(environ, start_response)
        with self._alone_with(question, waits=kept is None) as is_first:
            if not is_first:  # another thread renders it: the last answer will do, or the new one
                made = kept or self._kept(question)
                if made is not None and (made is kept or made.version == version):
                    return made.send(environ, start_response)
            return self._render(question, version, kept, environ, start_response)

    def _forget_mistakes(self) -> None:
        """Forgets all answers once a page is withdrawn by mistake: any of them may name it."""
        if self._mistakes is not (now := watch.mistakes):
            self._mistakes = now
            for memory in (self._pages, self._queries, self._missing):
                memory.forget_all()

    def _kept(self, question: Question) -> Answer | None:
        return self._memory_of(question).get(question) or self._missing.get(question)

    def _memory_of(self, question: Question) -> Memory:
        return self._queries if question.query else self._pages

    @contextmanager
    def _alone_with(self, question: Question, *, waits: bool) -> Any:
        """Yields whether this thread is the first to render this; no other begins meanwhile."""
        with self._lock:
            mine = question not in self._rendering
            lock = self._rendering.setdefault(question, threading.Lock())
            if mine:
                lock.acquire()
        if not mine:
            if waits and lock.acquire(timeout=_PATIENCE_SECONDS):
                lock.release()
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                del self._rendering[question]
            lock.release()

    def _render(
        self,
        question: Question,
        version: str,
        old: Answer | None,
        environ: dict[str, Any],
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        mistakes = watch.mistakes
        response, started = self._ask_django(_anonymous(environ, question))
        if not isinstance(response, HttpResponse):
            start_response(*started)
            return response
        hand_over_to(question, response, version)
        memory, until = self._memory_of(question), kept_until(response)
        # The database may be gone: send the last answer, from memory or from the edition.
        if response.status_code >= 500 and (standing := _standing(question, old, version)):
            response.close()
            return standing.send(environ, start_response)
        if (made := content_version_of(response, version)) != version:
            version = watch.wait_for(made)
        is_present = mistakes is watch.mistakes and version == made
        if until is not None and version and is_present:
            answer = Answer.of(response, version=version, until=until)
            if response.status_code == 404:
                memory.forget(question)
                self._missing.keep(question, answer)
            else:
                memory.keep(question, answer)
            response.close()
            return answer.send(environ, start_response)
        if until is None and response.status_code < 500:
            memory.forget(question)  # it has been withdrawn, or moved
        start_response(*started)
        return response

    def _ask_django(self, environ: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
        started: list[tuple[Any, ...]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            started.append((status, [each for each in headers if each != UNTOUCHED], *rest))

        response = self._handler(environ, start_response)
        return response, started[0]

    def answer_at(
        self, address: str, now: editions.Edition, *, quality: int = WELL
    ) -> Answer | None:
        """The page at an address as a first-time visitor sees it, rendered for an edition.

        None if there is no page, or if its answer may not be kept or has another version. Raises
        OperationalError in an outage: an edition that lacks pages is not whole.
        """
        response = self.asked_at(address)
        try:
            if response.status_code == 503:
                raise OperationalError(f"{address} cannot be rendered now")
            if response.status_code != 200 or (until := kept_until(response)) is None:
                return None
            if content_version_of(response, now.version) != now.version:
                return None
            hand_over_answer(address, response, now.version)
            return Answer.of(response, version="", until=until, quality=quality)
        finally:
            response.close()

    def asked_at(self, address: str) -> Any:
        """Django's response to a first-time visitor who asks for an address where visitors do."""
        scheme, host = editions.scheme_and_host()
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address.encode().decode("latin-1"),
            "QUERY_STRING": "",
            "SERVER_NAME": host.partition(":")[0],
            "SERVER_PORT": "443" if scheme == "https" else "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            ASKED_BY_STORE: True,
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(),
        }
        if settings.SECURE_PROXY_SSL_HEADER:
            environ[settings.SECURE_PROXY_SSL_HEADER[0]] = scheme
        return self._ask_django(environ)[0]


def _anonymous(environ: dict[str, Any], question: Question) -> dict[str, Any]:
    """The request without its sender: an answer for all may not depend on who asked first."""
    anonymous = {name: value for name, value in environ.items() if name not in _OTHERS_HEADERS}
    anonymous |= {"REQUEST_METHOD": "GET", ASKED_BY_STORE: True}
    if question.notice_is_closed:
        anonymous["HTTP_COOKIE"] = f"{settings.COOKIE_NOTICE_COOKIE}={COOKIE_NOTICE_CLOSED}"
    return anonymous


def _standing(question: Question, kept: Answer | None, version: str) -> Answer | None:
    """What answers when nothing can be rendered: never a page that is withdrawn."""
    if kept and (kept.version == version or question.path not in watch.withdrawn):
        return kept
    return editions.standing_answer_to(question)
