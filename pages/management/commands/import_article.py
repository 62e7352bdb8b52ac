"""Makes an article from a file: Word, HTML, Markdown or plain text."""

import re
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    handle_default_options,
)
from django.db import DatabaseError, connections
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Locale, Page

from pages.checks import Colour, Finding, run
from pages.importing.build import article_from
from pages.importing.documents import (
    Figure,
    Heading,
    ImportedArticle,
    LinkRow,
    Prose,
    Quote,
    RefusedError,
    Table,
)
from pages.importing.link_targets import target_of
from pages.importing.reading_apart import article_in_file, picture_in_file
from pages.models import Approval, ArticlePage, Topic
from pages.newsroom.gate import NotConfirmed, put_out_on_ground
from pages.newsroom.persons import open_account, who_is_missing
from pages.newsroom.submissions import refuse_stranger, send
from pages.publishing.finished import refuse_unfinished
from pages.reading.topic_pages import topics_in
from pages.tree.addresses import address_of


class Command(BaseCommand):
    help = _("Makes an article of a file (.docx, .html, .md or .txt), as a draft.")
    missing_args_message = "the following arguments are required: FILE, --parent"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help=_("The file to import."))
        parser.add_argument(
            "--parent",
            required=True,
            metavar="ADDRESS",
            help=_("The address of the page to put it under: /verksamheten/"),
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
            "--changed",
            metavar="DATE",
            help=_("The date of the last change: 2024-03-21. Otherwise the one in the file."),
        )
        parser.add_argument("--image", metavar="FILE", help=_("The image at the top of the page."))
        parser.add_argument("--alt", metavar="TEXT", default="", help=_("Its text alternative."))
        parser.add_argument("--caption", metavar="TEXT", default="", help=_("Its caption."))

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django's, but every error is printed as one sentence."""
        try:
            parser = self.create_parser(argv[0], argv[1])
            options = vars(parser.parse_args(argv[2:]))
            handle_default_options(Namespace(**options))
            options.pop("args", None)
            self.execute(**options)
        except CommandError as error:
            self.stderr.write(_in_plain_words(str(error)))
            sys.exit(1)
        finally:
            connections.close_all()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = _sender(options["account"], options["publish"])
            page, article, topics = _import(options, user, self.stdout.write)
            red = _red_findings(page)
            done = _onwards(page, article, user, options["publish"], red)
        except (RefusedError, NotConfirmed) as error:
            raise CommandError(_on_one_line(str(error))) from error
        except DatabaseError as error:
            raise CommandError(_("The database cannot be used: set the site up first.")) from error
        for line in (*_report(page, article, topics), *_told(red), *done):
            self.stdout.write(line)
        self.stdout.write(address_of(page.url_path) or page.url_path)


def _sender(name: str | None, publish: bool) -> Any:
    """The account in whose name the article is sent; None for a draft, or in the demo."""
    if name is None:
        if publish and not _is_demo():
            raise RefusedError(
                _("Two persons must approve what is published: say with --as who sends it.")
            )
        return None
    user = open_account(name)
    if user is None:
        raise RefusedError(_("There is no open account %(name)s.") % {"name": name})
    refuse_stranger(user)
    return user


def _is_demo() -> bool:
    return getattr(settings, "DEMO", False)


def _red_findings(page: ArticlePage) -> list[Finding]:
    """What the check before publishing stops: whoever sends it all the same says why, in the CMS."""
    found = run(page.latest_revision.as_object()) if page.latest_revision else []
    return [each for each in found if each.colour is Colour.RED]


def _told(red: Sequence[Finding]) -> list[str]:
    if not red:
        return []
    return [
        _("Stopped by the check before publishing:"),
        *(f"  – {_in_short(each)}" for each in red),
    ]


def _in_short(finding: Finding) -> str:
    return f"{finding.title}: {finding.words}" if finding.words else finding.title


def _onwards(
    page: ArticlePage, article: ImportedArticle, user: Any, publish: bool, red: Sequence[Finding]
) -> list[str]:
    """Sends the draft, or publishes it as content of the demo; what came of it, in sentences."""
    if red and (user is not None or publish):
        return [_("It stays a draft."), _mend()]
    try:
        if user is not None:
            return _sent(page, user, publish)
        return _published_in_demo(page, article) if publish else []
    except (NotConfirmed, ValidationError) as error:
        return [*error.messages, _mend()]


def _sent(page: ArticlePage, user: Any, publish: bool) -> list[str]:
    outcome = send(user, [page.latest_revision])
    missing = who_is_missing(outcome.needs_chief)
    lines = [
        _("Sent for approval by %(name)s. Waits for: %(missing)s.")
        % {"name": get_user_display_name(user), "missing": missing}
    ]
    if publish:
        lines.append(_("--publish publishes nothing here: two persons must approve it."))
    return lines


def _published_in_demo(page: ArticlePage, article: ImportedArticle) -> list[str]:
    if article.notes.dropped or article.notes.to_complete:
        return [_("Not published: something is missing, or was left out."), _mend()]
    refuse_unfinished(page.latest_revision.as_object())
    put_out_on_ground(page.latest_revision, Approval.Ground.DEMO)
    page.refresh_from_db()
    return [_("It is public as content of the demo: nobody has approved it.")]


def _mend() -> str:
    return _("Open the draft in the CMS, look at what is said above, and send it for approval.")


def _import(
    options: dict[str, Any], user: Any, say: Callable[[str], object]
) -> tuple[ArticlePage, ImportedArticle, list[Topic]]:
    parent = _parent_at(options["parent"])
    changed_on = _date(options["changed"])
    known = {topic.name: topic for topic in topics_in(parent.locale.language_code)}
    topics = _topics(options["topics"], list(known.values()))
    figure = _image(options)
    article = article_in_file(Path(options["file"]), topics=list(known))
    if figure:
        _put_on_top(article, figure)
    topics = topics or [known[name] for name in article.topic_names]
    page = article_from(
        article,
        parent=parent,
        user=user,
        topics=topics,
        changed_on=changed_on,
        say=say,
    )
    return page, article, topics


def _parent_at(address: str) -> Page:
    try:
        page = target_of(address, locale=Locale.get_default()).page
    except Locale.DoesNotExist:
        page = None
    if page is None:
        raise RefusedError(_("There is no page at %(address)s.") % {"address": address})
    return page


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        found = None
    if found is None:
        raise RefusedError(_("%(date)s is not a date: write it as 2024-03-21.") % {"date": text})
    if found > localdate():
        raise RefusedError(_("The date %(date)s lies in the future.") % {"date": text})
    return found


def _topics(wanted: Sequence[str], known: Sequence[Topic]) -> list[Topic]:
    by_name = {name.casefold(): topic for topic in known for name in (topic.slug, topic.name)}
    topics = []
    for name in [part.strip() for each in wanted for part in each.split(",") if part.strip()]:
        topic = by_name.get(name.casefold())
        if topic is None:
            slugs = ", ".join(sorted(each.slug for each in known))
            raise RefusedError(
                _("There is no topic “%(name)s”: choose among %(topics)s.")
                % {"name": name, "topics": slugs or _("none, the list is empty")}
            )
        if topic not in topics:
            topics.append(topic)
    return topics


def _image(options: dict[str, Any]) -> Figure | None:
    if not options["image"]:
        if options["alt"] or options["caption"]:
            raise RefusedError(_("--alt and --caption belong to --image: give that too."))
        return None
    picture = picture_in_file(Path(options["image"]))
    return Figure(picture, options["alt"].strip(), options["caption"].strip())


def _put_on_top(article: ImportedArticle, figure: Figure) -> None:
    """Makes the figure the page's image; another image that it had goes to the body."""
    had = article.image
    if had and had.picture.content == figure.picture.content:
        figure = replace(
            had,
            alt_text=figure.alt_text or had.alt_text,
            caption=figure.caption or had.caption,
        )
    elif had:
        article.parts.insert(0, had)
    article.image = figure


def _report(page: ArticlePage, article: ImportedArticle, topics: Sequence[Topic]) -> list[str]:
    notes = article.notes
    lines = [
        _("“%(title)s” is published.") % {"title": page.title}
        if page.live
        else _("“%(title)s” is a draft.") % {"title": page.title},
        _("Taken:"),
        *_taken(page, article, topics),
    ]
    if notes.dropped:
        lines += [_("Left out:")]
        lines += [f"  – {what}: {times}" for what, times in notes.dropped.items()]
    if notes.to_complete:
        lines += [_("To complete before it can be published:")]
        lines += [f"  – {what}" for what in notes.to_complete]
    if notes.to_check:
        lines += [_("To look at:"), *(f"  – {what}" for what in notes.to_check)]
    return lines


def _taken(page: ArticlePage, article: ImportedArticle, topics: Sequence[Topic]) -> list[str]:
    parts = article.parts
    html = "".join(part.html for part in parts if isinstance(part, Prose))
    counts = [
        (_("title"), 1),
        (_("lead"), int(bool(article.lead))),
        (_("headings"), _number_of(parts, Heading)),
        (_("paragraphs"), html.count("<p>")),
        (_("lists"), len(re.findall(r"<[ou]l>", html))),
        (_("links"), html.count("<a ") + _number_of(parts, LinkRow)),
        (_("images"), _number_of(parts, Figure) + int(article.image is not None)),
        (_("tables"), _number_of(parts, Table)),
        (_("quotes"), _number_of(parts, Quote)),
    ]
    lines = [f"  – {what}: {count}" for what, count in counts if count]
    if topics:
        names = ", ".join(topic.name for topic in topics)
        lines.append("  – " + _("topics: %(names)s") % {"names": names})
    if changed_on := page.changed_on if page.live else page.given_changed_on:
        written = date_format(changed_on, "j F Y")
        lines.append("  – " + _("last changed: %(date)s") % {"date": written})
    return lines


def _number_of(parts: Sequence[object], kind: type) -> int:
    return sum(isinstance(part, kind) for part in parts)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _in_plain_words(message: str) -> str:
    """The message of argparse, in words for people who do not program."""
    message = _on_one_line(message).removeprefix("Error: ")
    for pattern, words in (
        (r"the following arguments are required: (.+)", _("Something is missing: %s.")),
        (r"argument ([^:]+): expected .*", _("Something is missing after %s.")),
        (r"unrecognized arguments: (.+)", _("There is no such choice: %s.")),
        (r"ambiguous option: (\S+) .*", _("There is more than one such choice: %s.")),
        (r"argument ([^:]+): .*", _("What follows %s is not right.")),
    ):
        if found := re.fullmatch(pattern, message):
            return words % found[1]
    return message
