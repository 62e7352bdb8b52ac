"""Makes pages and news of many files at once, and goes on where it was."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.content.models import ArticlePage, BasePage, NewsKind, NewsPage, topics_in
from pages.content.tree.addresses import address_of
from pages.importing.build import PAGE_KINDS, article_from
from pages.importing.documents import ImportedArticle, RefusedError
from pages.importing.models import ImportedFile
from pages.importing.proof import prove_import
from pages.importing.reading_apart import article_in_file
from pages.moving.import_steps import (
    day_in,
    faults_in_one_sentence,
    on_one_line,
    parent_at,
    publish_in_demo,
    red_findings,
    send_together,
    sender,
    told_of,
    told_of_differences,
    told_of_red,
    topics_named,
)
from pages.moving.table import ARTICLE, ImportRow, rows_in
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.submissions import MOST_TOGETHER

logger = logging.getLogger(__name__)

_JOB = "pages.moving.former_page_job:read_without_frame"


@dataclass
class RowResult:
    """What came of a row."""

    row: ImportRow
    imported: Any = None  # an `ImportedFile`, unless the row was refused
    is_new: bool = False
    refusal: str = ""
    onwards: str = ""

    @property
    def state(self) -> str:
        if self.imported is None:
            return _("refused")
        return _("made") if self.is_new else _("was there")

    @property
    def where(self) -> str:
        """The address of the page, or why there is none."""
        if self.imported is None:
            return self.refusal
        url_path = self.imported.page.url_path
        return address_of(url_path) or url_path


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = _("Makes pages of a file, of a folder, or of a table (.csv) of files and addresses.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", metavar="TABLE", help=_("The file, the folder or the table."))
        parser.add_argument(
            "--parent",
            default="",
            metavar="ADDRESS",
            help=_("The address of the page to put them under, where the table says none."),
        )
        parser.add_argument(
            "--as",
            dest="account",
            metavar="NAME",
            help=_("The account that sends it for approval."),
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help=_("Publish it, in the demo. Elsewhere two persons must approve it."),
        )

    def handle(self, *args: object, **options: Any) -> None:
        try:
            with faults_in_one_sentence():
                user = sender(options["account"], options["publish"])
                rows = rows_in(Path(options["table"]))
                results = self._import(rows, options["parent"], user, options["publish"])
        except KeyboardInterrupt as error:
            raise CommandError(
                _("Stopped. Start it again, and it goes on where it was.")
            ) from error
        for line in _report(results):
            self.stdout.write(line)
        refused = sum(each.imported is None for each in results)
        if refused:
            raise CommandError(
                _("%(refused)s of %(all)s files were refused, see above.")
                % {"refused": refused, "all": len(results)}
            )

    def _import(
        self, rows: Sequence[ImportRow], parent: str, user: User | None, publish: bool
    ) -> list[RowResult]:
        results: list[RowResult] = []
        waiting: list[RowResult] = []
        for number, row in enumerate(rows, 1):
            result = _result_of(row, parent, user)
            results.append(result)
            self.stdout.write(f"{number}/{len(rows)} {result.state}: {row.name} {result.where}")
            self.stdout.flush()
            if (user or publish) and _is_to_go_on(result):
                waiting.append(result)
            if len(waiting) == MOST_TOGETHER:
                _hand_on(waiting, user)
                waiting = []
        _hand_on(waiting, user)
        return results


def _result_of(row: ImportRow, parent: str, user: User | None) -> RowResult:
    """What becomes of the row; whatever is wrong with it stops it alone."""
    try:
        return _made_of(row, parent, user)
    except DatabaseError:
        raise
    except RefusedError as error:
        return RowResult(row, refusal=on_one_line(str(error)))
    except ValidationError as error:
        return RowResult(row, refusal=on_one_line(" ".join(error.messages)))
    except Exception:
        logger.exception("A row of an import failed")
        return RowResult(row, refusal=_("A fault of ours: it stands in the log."))


def _made_of(row: ImportRow, given_parent: str, user: User | None) -> RowResult:
    above, slug = row.place(given_parent)
    parent = parent_at(above)
    place = f"{parent.pk}/{slug}"
    if had := _made_before(row, place):
        return RowResult(row, had)
    return RowResult(row, _page_of(row, parent, slug, place, user), is_new=True)


def _made_before(row: ImportRow, place: str) -> ImportedFile | None:
    """What was made of the very same file for this place, unless it was deleted."""
    imported = ImportedFile.objects.filter(content=row.fingerprint, place=place).first()
    others = ImportedFile.objects.filter(name=row.name, place=place)
    if imported is None and others.exists():
        raise RefusedError(
            _("The file has changed since “%(title)s” was made of it: delete that draft first.")
            % {"title": others[0].page}
        )
    return imported


def _page_of(
    row: ImportRow, parent: Page, slug: str, place: str, user: User | None
) -> ImportedFile:
    language = parent.locale.language_code
    if row["language"] not in ("", language):
        raise RefusedError(
            _("The pages below “%(title)s” are in another language than “%(language)s”.")
            % {"title": parent.title, "language": row["language"]}
        )
    changed_on = day_in(row["changed"] or None)
    published_on = day_in(row["published"] or None)
    said = {"kind": row.kind if row.kind in NewsKind.values else "", "published_on": published_on}
    known = {topic.name: topic for topic in topics_in(language)}
    topics = topics_named([row["topics"]], list(known.values()))
    article = article_in_file(row.path, job=_JOB, topics=list(known))
    if row["title"] and row["title"] != article.title:
        article.notes.check(_("The title is the table's, not the file's."))
        article.title = row["title"]
    noted: list[ImportedFile] = []
    article_from(
        article,
        parent=parent,
        user=user,
        topics=topics or [known[name] for name in article.topic_names],
        changed_on=changed_on,
        kinds=_kinds(row.kind),
        slug=slug,
        fields={name: value for name, value in said.items() if value},
        note=lambda page: noted.append(_note(row, place, page, article)),
    )
    return noted[0]


def _kinds(kind: str) -> Sequence[type[BasePage]]:
    if not kind:
        return PAGE_KINDS
    return (ArticlePage,) if kind == ARTICLE else (NewsPage,)


def _note(row: ImportRow, place: str, page: BasePage, article: ImportedArticle) -> ImportedFile:
    """Writes down what was made, and how the page differs from its file."""
    proof = prove_import(article, page)
    return ImportedFile.objects.create(
        content=row.fingerprint,
        place=place,
        name=row.name,
        page=page,
        said=[*told_of(article.notes), *told_of_differences(proof)],
        has_losses=not proof.is_whole,
        lacks_something=bool(article.notes.to_complete or article.notes.dropped),
    )


def _is_to_go_on(result: RowResult) -> bool:
    """Whether it is one that nobody has sent, nor changed since it was made."""
    imported = result.imported
    return (
        imported is not None
        and imported.handed_on_at is None
        and not imported.page.live
        and imported.page.revisions.count() == 1
    )


def _hand_on(results: Sequence[RowResult], user: User | None) -> None:
    """Sends pages together for approval, or publishes each in the demo; says of each what came of it."""
    ready: list[RowResult] = []
    for result in results:
        imported = result.imported
        page = imported.page.specific
        red = red_findings(page)
        if red:
            result.onwards = "\n".join([*told_of_red(red), _("It stays a draft.")])
        elif imported.has_losses and user is not None:
            result.onwards = _("Not sent: something of the file is lost in the page, see above.")
        elif user is None:
            is_whole = not (imported.has_losses or imported.lacks_something)
            _try([result], partial(publish_in_demo, page, is_whole=is_whole))
        else:
            ready.append(result)
    if ready and not _try(ready, partial(_send, ready, user)):
        for result in ready:  # one of them cannot be sent: it stops itself only
            _try([result], partial(_send, [result], user))


def _send(results: Sequence[RowResult], user: User | None) -> str:
    return send_together(user, [each.imported.page.specific for each in results])


def _try(results: Sequence[RowResult], act: Callable[..., str]) -> bool:
    """Does it, and notes in the same transaction that it is done; False if it was refused."""
    try:
        with transaction.atomic():
            said = act()
            keys = [each.imported.pk for each in results]
            ImportedFile.objects.filter(pk__in=keys).update(handed_on_at=timezone.now())
    except (NotConfirmed, ValidationError) as error:
        said = " ".join(error.messages)
        is_done = False
    else:
        is_done = True
    for each in results:
        each.onwards = said
    return is_done


def _report(results: Sequence[RowResult]) -> Iterator[str]:
    """What became of each file, those with nothing to say left out, and how many of each there are."""
    for each in results:
        said = [*(each.imported.said if each.imported else [each.refusal])]
        said += each.onwards.split("\n") if each.onwards else []
        if said:
            yield ""
            yield f"{each.row.name}: {each.state}"
            yield from (f"  {line}" for line in (each.where, *said) if line != each.refusal)
            if each.refusal:
                yield f"  {each.refusal}"
    yield ""
    made = sum(each.is_new for each in results)
    refused = sum(each.imported is None for each in results)
    yield _("%(made)s made, %(there)s were there, %(refused)s refused.") % {
        "made": made,
        "there": len(results) - made - refused,
        "refused": refused,
    }
