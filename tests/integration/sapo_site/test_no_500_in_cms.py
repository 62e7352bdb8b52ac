"""Whatever an editor, a chief editor or an administrator sends to the CMS: none of it ends in a 500."""

import re
import traceback
from collections import Counter
from random import Random
from typing import Any

from django.conf import settings as site_settings
from django.db import transaction
from django.test import Client, TestCase

from sapo_site.answering.middleware import MalformedRequestMiddleware
from tests import hostile
from tests.addresses import filled, routes
from tests.whole_site import Keys, part_of, whole_site


class Fuzzer:
    """Sends to every address of the CMS as one person, and remembers what failed."""

    def __init__(self, user: Any, keys: Keys) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.client.get("/admin/")  # begins the session's own rows
        self.keys = keys
        self.learned = hostile.Learned()
        self.statuses: Counter[int] = Counter()
        self.faults: dict[str, str] = {}
        every = [route for route in routes() if route.lstrip("^").startswith("admin/")]
        self.registers = [route for route in every if "admin/snippets/" in route]
        self.others = [route for route in every if route not in set(self.registers)]
        self.uploads = [
            route
            for route in every
            if re.search(r"(images|documents)/(add/|edit/|multiple/add/|chooser/create/|<)", route)
        ]

    def send(self, random: Random, values: list[str]) -> None:
        kind = random.random()
        if kind < 0.05:
            route = random.choice(self.uploads)
        else:
            route = random.choice(self.registers if kind < 0.3 else self.others)
        if "logout" in route:
            return
        path = filled(route, lambda kind, name: self._part(random, route, kind, name, values))
        if route not in self.learned.fields:
            answer = self._ask(hostile.Sent("GET", path), route)
            page = getattr(answer, "content", b"").decode(errors="replace") if answer else ""
            self.learned.read(route, page)
            return
        make = hostile.upload_for if kind < 0.05 else hostile.request_for
        self._ask(make(random, route, path, self.learned, values), route)

    def _part(self, random: Random, route: str, kind: str, name: str, values: list[str]) -> str:
        if random.random() < 0.15 and route in self.learned.fields:
            return hostile.part(random, kind, values)
        return part_of(self.keys, route, kind, name)

    def _ask(self, sent: hostile.Sent, route: str) -> Any:
        cookies = self.client.cookies.copy()
        body, kind = sent.body, sent.kind
        if sent.form is not None:
            body = hostile.urlencode(sent.form, errors="surrogatepass").encode()
            kind = "application/x-www-form-urlencoded"
        answer, error = None, None
        with transaction.atomic():
            try:
                with TestCase.captureOnCommitCallbacks(execute=True):
                    answer = self.client.generic(sent.method, sent.address, body, content_type=kind)
                error = answer.exc_info[1] if answer.exc_info else None
                self.statuses[answer.status_code] += 1
                if answer.streaming:
                    b"".join(answer.streaming_content)
            except Exception as raised:
                error = raised
            transaction.set_rollback(True)
        self.client.cookies = cookies
        if error is not None or (answer is not None and answer.status_code >= 500):
            self._note(sent, route, error)
        return answer

    def note_malformed(self, request: Any, error: Exception) -> None:
        """What was answered 400 although it is our own code that failed."""
        here = [
            each.filename
            for each in traceback.extract_tb(error.__traceback__)
            if "/wagtail/" in each.filename or _is_ours(each.filename)
        ]
        if not here or _is_ours(here[-1]):
            self._note(hostile.Sent(request.method, request.path), "answered 400", error)

    def _note(self, sent: hostile.Sent, route: str, error: BaseException | None) -> None:
        where = traceback.extract_tb(error.__traceback__)[-1] if error else None
        kind = f"{type(error).__name__} in {where.filename}:{where.lineno}" if where else "5xx"
        said = str(sent.form or sent.query or sent.body)[:300]
        self.faults.setdefault(
            kind, f"{route}: {sent.method} {sent.path[:200]} {said}: {str(error)[:200]}"
        )


def _is_ours(path: str) -> bool:
    return path.startswith(str(site_settings.PROJECT_DIR)) and "site-packages" not in path


def test_hostile_requests_to_the_cms_are_answered(
    section, home, editor, chief_editor, admin, rounds, monkeypatch, subtests
):
    keys = whole_site(home, section, editor)
    answer = MalformedRequestMiddleware.process_exception
    for user in (editor, chief_editor, admin):
        fuzzer = Fuzzer(user, keys)

        def watched(middleware, request, error, fuzzer=fuzzer):
            if answered := answer(middleware, request, error):
                fuzzer.note_malformed(request, error)
            return answered

        with subtests.test(user=user.username):
            monkeypatch.setattr(MalformedRequestMiddleware, "process_exception", watched)
            hostile.in_rounds(fuzzer.send, examples=rounds(2, 340), requests=20, texts=30)
            assert fuzzer.faults == {}
            assert fuzzer.statuses[200] > 0
