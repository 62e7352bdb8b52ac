"""Makes an article or a news item from a file: Word, OpenDocument, HTML or plain text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from pages.content.models import BasePage, topics_in
from pages.content.tree.addresses import address_of
from pages.importing.build import article_from
from pages.importing.documents import ImportedArticle
from pages.importing.proof import prove_import
from pages.importing.reading_apart import article_in_file
from pages.newsroom.import_steps import (
    ImportCommand,
    MadeDraft,
    day_in,
    faults_in_one_sentence,
    hand_on,
    parent_at,
    red_findings,
    sender,
    told_of,
    told_of_differences,
    told_of_red,
    topics_named,
)


class Command(ImportCommand):
    help = _(
        "Makes an article of a file (.docx, .odt, .html or .txt), as a draft; below the news a news item."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help=_("The file to import."))
        parser.add_argument(
            "--parent",
            required=True,
            metavar="ADDRESS",
            help=_("The address of the page to put it under: /verksamheten/"),
        )
        self.add_ways_on(parser)
        parser.add_argument(
            "--topic",
            dest="topics",
            nargs="+",
            action="extend",
            default=[],
            metavar="TOPIC",
            help=_("A topic, by its name or the last part of its address. May be given again."),
        )
        parser.add_argument(
            "--changed", metavar="DATE", help=_("The date of the last change: 2024-03-21.")
        )

    def handle(self, *args: object, **options: Any) -> None:
        with faults_in_one_sentence():
            user = sender(options["account"], options["publish"])
            page, article = _import(options, user, self.stdout.write)
            proof = prove_import(article, page)
            lacks = bool(article.notes.to_complete or article.notes.dropped)
            made = MadeDraft(page, not proof.is_whole, lacks, red_findings(page))
            done = hand_on(made, user, options["publish"])
        said = _("“%(title)s” is published.") if page.live else _("“%(title)s” is a draft.")
        for line in (
            said % {"title": page.title},
            *told_of(article.notes),
            *told_of_differences(proof),
            *told_of_red(made.red),
            *done,
        ):
            self.stdout.write(line)
        self.stdout.write(address_of(page.url_path) or page.url_path)


def _import(
    options: dict[str, Any], user: User, say: Callable[[str], object]
) -> tuple[BasePage, ImportedArticle]:
    parent = parent_at(options["parent"])
    changed_on = day_in(options["changed"])
    known = topics_in(parent.locale.language_code)
    topics = topics_named(options["topics"], list(known))
    article = article_in_file(Path(options["file"]))
    page = article_from(
        article, parent=parent, user=user, topics=topics, changed_on=changed_on, say=say
    )
    return page, article
