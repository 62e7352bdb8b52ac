"""What it costs that two persons confirm each publication, beside publishing and editing without it.

The measured part runs as a process of its own, `python -m tools.bench.newsroom ROUNDS`, in the
environment of a database that may be written to; prints its times as JSON. Both ways take turns.
"""

import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .databases import sqlite
from .installation import Installation
from .servers import run
from .tables import Aim, Table, number

WORDS, PICTURES = 5_000, 20
PUBLISH, EDIT, CHECK = "publish", "edit view", "read a version, and check it"
LIMITS = {PUBLISH: 1.3, EDIT: 1.1}
MOST_OF_CHECK = 300  # ms
_PATIENCE_SECONDS = 600

# What is measured -> without and with the newsroom, ms of each round.
Times = dict[str, tuple[Sequence[float], Sequence[float]]]


def tables(site: Installation, folder: Path, rounds: int) -> tuple[list[Table], list[Aim]]:
    """Measured on a copy of the demo's database."""
    command = [sys.executable, "-m", "tools.bench.newsroom", str(rounds)]
    with sqlite(site, folder / "newsroom") as environment:
        times = json.loads(run(command, environment, _PATIENCE_SECONDS).splitlines()[-1])
    return [table_of(times, rounds)], list(aims_of(times))


def ratio(without: Sequence[float], by_two: Sequence[float]) -> float:
    """The median of the rounds' own ratios: what disturbs a round disturbs both in it."""
    return statistics.median(b / a for a, b in zip(without, by_two, strict=True))


def table_of(times: Times, rounds: int) -> Table:
    table = Table(
        f"An article of {WORDS} words and {PICTURES} pictures, with the newsroom and without",
        ("what", "without, ms", "with, ms", "ratio"),
        notes=[
            f"Time on the processor, medians of {rounds} rounds, the database's (SQLite) included. "
            "A ratio is the median of the rounds' own ratios."
        ],
    )
    for what, (without, by_two) in times.items():
        medians = statistics.median(without), statistics.median(by_two)
        table.rows.append((what, *map(number, medians), number(ratio(without, by_two))))
    return table


def aims_of(times: Times) -> Iterator[Aim]:
    for what, limit in LIMITS.items():
        yield Aim(f"{what}, without the newsroom = 1", ratio(*times[what]), limit)
    yield Aim("all checks before publishing, ms", statistics.median(times[CHECK][1]), MOST_OF_CHECK)


# Measuring


def main(rounds: int) -> None:
    import sapo_site.wsgi  # noqa: F401  sets Django up as it is where pages are served

    article = _Article()
    ways = {
        PUBLISH: (article.publish_plainly, article.publish_through_gate),
        EDIT: (article.edit_without_newsroom, article.edit),
        CHECK: (article.read_version, article.check),
    }
    print(json.dumps({what: in_turns(rounds, *both) for what, both in ways.items()}))


def in_turns(
    rounds: int, first: Callable[[], float], second: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Times of both, in turns, after once to warm up; who begins changes from round to round."""
    times: tuple[list[float], list[float]] = ([], [])
    for number_of_round in range(rounds + 1):
        pairs = [(times[0], first), (times[1], second)]
        for kept, way in pairs if number_of_round % 2 else reversed(pairs):
            taken = way()
            if number_of_round:
                kept.append(taken)
    return times


@contextmanager
def _timed(kept: list[float]) -> Iterator[None]:
    before = time.thread_time()
    yield
    kept.append((time.thread_time() - before) * 1000)


class _Article:
    """A long article, its editor and its chief editor."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        from pages.content.models import ArticlePage
        from pages.newsroom.permit import everything_permitted

        people = get_user_model().objects
        self.editor = people.get(username="redaktor")
        self.chief = people.get(username="chefredaktor")
        self.client = Client(headers={"host": "127.0.0.1"})
        self.client.force_login(self.editor)
        model = ArticlePage.objects.get(slug="kontraspionage")
        page = ArticlePage(title="Lång", slug="lang", lead="Lång.", live=False, locale=model.locale)
        page.body = json.dumps(list(_blocks(model)))
        model.get_parent().add_child(instance=page)
        with everything_permitted():
            page.save_revision().publish()
        self.pk = page.pk

    def _written(self) -> Any:
        """A version with another lead, as an editor has saved it."""
        from pages.content.models import ArticlePage

        page = ArticlePage.objects.get(pk=self.pk)
        page.lead = f"Ändrad {uuid.uuid4()}."
        return page.save_revision(user=self.editor)

    def _is_public(self, revision: Any) -> None:
        from pages.content.models import ArticlePage

        if ArticlePage.objects.get(pk=self.pk).lead != revision.content["lead"]:
            raise RuntimeError("publiceringen syns inte")

    def publish_plainly(self) -> float:
        """As Wagtail publishes, with everything of ours that follows, but nobody asked."""
        from pages.newsroom.permit import everything_permitted

        revision, kept = self._written(), list[float]()
        with everything_permitted(), _timed(kept):
            revision.publish(user=self.chief, skip_permission_checks=True)
        self._is_public(revision)
        return kept[0]

    def publish_through_gate(self) -> float:
        """The same with the rule, what is read back, and the rows."""
        from django.db import transaction
        from django.utils import timezone

        from pages.newsroom.gate import carry_out, close, write_approval
        from pages.newsroom.matching import change_of_item
        from pages.newsroom.models import Submission
        from pages.newsroom.rule import verdict

        item, kept, now = self._sent(), list[float](), timezone.now()
        self._confirm_unheard(item)
        with _timed(kept), transaction.atomic():
            change = change_of_item(item)
            approval = write_approval(item, verdict(change, now), self.chief, now)
            carry_out(approval, self.chief, change)
        self._is_public(item.revision)
        close(item.submission, Submission.Outcome.PUBLISHED, self.chief, now)
        return kept[0]

    def _sent(self) -> Any:
        from pages.newsroom.submissions import send

        outcome = send(self.editor, [self._written()])
        return outcome.submission.items.select_related("revision", "submission").get()

    def _confirm_unheard(self, item: Any) -> None:
        """The second word, without what follows from it."""
        from pages.newsroom.models import Confirmation

        word = Confirmation.objects.get(submission=item.submission)
        of_word = ("kind", "key", "digest", "along")
        Confirmation.objects.create(
            person=self.chief,
            person_name="Cecilia",
            as_chief=True,
            submission=item.submission,
            way=Confirmation.Way.CONFIRMED,
            **{name: getattr(word, name) for name in of_word},
        )

    def edit(self) -> float:
        kept = list[float]()
        with _timed(kept):
            response = self.client.get(f"/admin/pages/{self.pk}/edit/")
        if response.status_code != 200 or "Lång" not in response.content.decode():
            raise RuntimeError(f"formuläret svarade {response.status_code}")
        return kept[0]

    def edit_without_newsroom(self) -> float:
        with _without_hooks():
            return self.edit()

    def read_version(self) -> float:
        return self._version()[1]

    def check(self) -> float:
        """Everything that the checks before publishing have to say of it."""
        from pages.checks.running import run_checks

        page, taken = self._version()
        kept = list[float]()
        with _timed(kept):
            found = run_checks(page)
        if "readability" not in {each.check for each in found}:
            raise RuntimeError("kontrollen hittade inte det den skulle")
        return taken + kept[0]

    def _version(self) -> tuple[Any, float]:
        from pages.content.models import ArticlePage

        kept = list[float]()
        with _timed(kept):
            page = ArticlePage.objects.get(pk=self.pk).get_latest_revision_as_object()
        return page, kept[0]


def _blocks(model: Any) -> Iterator[dict[str, object]]:
    from pages.library.models import SiteImage

    words = [word for word in model.search_text().split() if word.isalpha()]
    pictures = list(SiteImage.objects.order_by("pk").values_list("pk", flat=True)[:PICTURES])
    share = WORDS // PICTURES
    for number_of_part, key in enumerate(pictures):
        text = [words[(number_of_part * share + at) % len(words)] for at in range(share)]
        lines = (f"<p>{' '.join(text[at : at + 50])}.</p>" for at in range(0, share, 50))
        yield {"type": "prose", "value": "".join(lines)}
        image = {"image": key, "alt_text": "En skiss.", "decorative": False}
        yield {"type": "figure", "value": {"image": image, "caption": "En bildtext."}}


@contextmanager
def _without_hooks() -> Iterator[None]:
    """Takes away what the newsroom hooks into the CMS, and what it writes in the status panel."""
    from wagtail import hooks
    from wagtail.admin.ui.side_panels import StatusSidePanel

    def is_ours(function: object) -> bool:
        return getattr(function, "__module__", "").startswith("pages.newsroom.desk")

    before = {name: list(registered) for name, registered in hooks._hooks.items()}
    if not any(is_ours(each[0]) for registered in before.values() for each in registered):
        raise RuntimeError("redaktionen har inget i formuläret")
    for name, registered in before.items():
        hooks._hooks[name] = [each for each in registered if not is_ours(each[0])]
    ours = StatusSidePanel.get_context_data
    StatusSidePanel.get_context_data = ours.__wrapped__
    try:
        yield
    finally:
        hooks._hooks.update(before)
        StatusSidePanel.get_context_data = ours


if __name__ == "__main__":
    main(int(sys.argv[1]))
