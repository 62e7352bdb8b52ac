"""Builds the demo site from its content files."""

import tomllib
from collections.abc import Callable
from datetime import datetime, time
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone
from django.utils.timezone import make_aware
from wagtail.models import Collection, Locale, Page, Site

from cooperation.models import CooperationPage, Partner
from pages.changes.uploads import renditions_later
from pages.content.fields import BlocksField
from pages.content.models import (
    ArticlePage,
    BasePage,
    Contact,
    CookieNotice,
    Footer,
    HomePage,
    NewsIndexPage,
    NewsPage,
    PageTopic,
    RegisterEntry,
    SectionPage,
    ThreatLevelDecision,
    ThreatLevelPage,
    Topic,
)
from pages.library.models import Rights, SiteDocument, SiteImage
from pages.library.renditions import wanted_specs
from pages.library.upload import PictureFile
from pages.newsroom.before_the_rule import building
from pages.newsroom.keeping_public import deleting_for_good
from pages.newsroom.models import Approval
from pages.search.models import Recommendation
from sapo_site.accounts.groups import set_up_roles
from sapo_site.models import AccessibilityDeviation, AccessibilityStatementPage

from .blocks import BlockBuilder, UnknownReferenceError
from .content_files import (
    CONTENT,
    Entry,
    PageFile,
    content_files,
    order_in_tree,
    picture_file,
    table,
)
from .former_websites import add_former_addresses

PAGE_TYPES: dict[str, type[BasePage]] = {
    "accessibility_statement": AccessibilityStatementPage,
    "article": ArticlePage,
    "cooperation": CooperationPage,
    "home": HomePage,
    "news": NewsPage,
    "news_index": NewsIndexPage,
    "section": SectionPage,
    "threat_level": ThreatLevelPage,
}

Say = Callable[[str], None]
Row = TypeVar("Row", bound=RegisterEntry)


def tell_address() -> None:
    """Lets links in mails lead to the port that this start has chosen."""
    site = Site.objects.get(is_default_site=True)
    if (site.hostname, site.port) != _address():
        site.hostname, site.port = _address()
        site.save()


def _address() -> tuple[str | None, int]:
    url = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    return url.hostname, url.port or 80


def site_is_built() -> bool:
    """Whether there is a site already, which may hold the work of editors."""
    return HomePage.objects.exists()


def build_site(say: Say) -> None:
    """Builds the whole demo site, or nothing at all. `make_renditions` has to follow, for its pictures."""
    with renditions_later(), building(Approval.Ground.DEMO):
        DemoSite(say).build()


class DemoSite:
    def __init__(self, say: Say, address: tuple[str | None, int] | None = None) -> None:
        self.say = say
        self.address = address or _address()
        self.locales: dict[str, Locale] = {}
        self.pages: dict[str, BasePage] = {}
        self.pictures: dict[str, int] = {}
        self.files: dict[str, int] = {}
        self.contacts: dict[tuple[str, str], int] = {}
        self.topics: dict[tuple[str, str], Topic] = {}

    def build(self) -> None:
        self.begin()
        self._add_registers()
        self._add_pictures()
        self._add_files()
        self.add_pages(list(content_files()))
        self._add_search()
        add_former_addresses(published_row)

    def begin(self) -> None:
        """Languages, roles, and the roots of the tree and of the library, which Wagtail calls "Root"."""
        for code in ("sv", "en"):
            self.locales[code], _ = Locale.objects.get_or_create(language_code=code)
        set_up_roles()
        Page.objects.filter(depth=1).update(title="Webbplatsen", draft_title="Webbplatsen")
        Collection.objects.filter(depth=1).update(name="Biblioteket")

    def add_pages(self, files: list[PageFile]) -> None:
        """The pages, and the frame around them."""
        contents = sorted(files, key=lambda file: (len(file.path), order_in_tree(file)))
        self.say(f"Lägger {len(contents)} sidor i trädet")
        for file in contents:
            self._add_page(file)
        for number, file in enumerate(contents, start=1):
            if number % 10 == 1:
                self.say(f"Publicerar sida {number} av {len(contents)}")
            self._fill_page(file)
        self._add_settings()

    # Registers

    def _add_registers(self) -> None:
        self.say("Lägger in ämnen, kontakter, samarbetspartner och beslut om terrorhotnivån")
        for row in table("topics.toml", "topic"):
            self._add_topic(row)
        self.add_contacts()
        for row in table("partners.toml", "partner"):
            partner = Partner(
                name_in_english=row.pop("name_en", ""),
                description_in_english=row.pop("description_en", ""),
                countries=", ".join(row.pop("countries", [])),
                **row,
            )
            published_row(partner)
        for row in table("threat_levels.toml", "decision"):
            self._decide_level(row)

    def add_contacts(self) -> None:
        """How to reach the agency, and what its accessibility statement must name."""
        for row in table("contacts.toml", "contact"):
            locale = self.locales[row.pop("locale", "sv")]
            contact = published_row(Contact(locale=locale, **row))
            self.contacts[contact.name, contact.locale.language_code] = contact.pk
        for row in table("deviations.toml", "deviation"):
            published_row(AccessibilityDeviation(locale=self.locales[row.pop("locale")], **row))

    def _decide_level(self, row: Entry) -> None:
        """A decision has a day, or a day and an hour."""
        decided = row.pop("decided")
        hour_is_known = isinstance(decided, datetime)
        at = decided if hour_is_known else datetime.combine(decided, time())
        decision = ThreatLevelDecision.objects.create(
            first_published_at=make_aware(at),  # and not when this was built
            decided_at=make_aware(at),
            hour_is_known=hour_is_known,
            text_in_english=row.pop("text_en"),
            **row,
        )
        decision.save_revision().publish()

    def _add_topic(self, row: dict[str, str]) -> None:
        swedish = Topic(
            locale=self.locales["sv"],
            name=row["name"],
            slug=row["slug"],
            description=row.get("description", ""),
        )
        english = Topic(
            locale=self.locales["en"],
            translation_key=swedish.translation_key,
            name=row["name_en"],
            slug=row.get("slug_en", row["name_en"].lower().replace(" ", "-")),
            description=row.get("description_en", ""),
        )
        self.topics[row["slug"], "sv"] = published_row(swedish)
        self.topics[row["slug"], "en"] = published_row(english)

    # Pictures and files

    def _add_pictures(self) -> None:
        rows = table("pictures/pictures.toml", "picture")
        for number, row in enumerate(rows, start=1):
            self.say(f"Lägger in bild {number} av {len(rows)}: {row['title']}")
            file = picture_file(row["name"])
            image = SiteImage(
                title=row["title"],
                description=row["alt_text"],
                file=PictureFile(ContentFile(file.read_bytes()), file.name),
                shows_people=SiteImage.ShowsPeople.NO,
                rights=Rights.OWN,
            )
            image.save(with_renditions=False)
            _show_as_it_is(image)
            self.pictures[row["name"]] = image.pk

    def _add_files(self) -> None:
        for row in table("files/files.toml", "file"):
            content = (CONTENT / "files" / row["name"]).read_bytes()
            document = SiteDocument.objects.create(
                title=row["title"],
                description=row.get("description", ""),
                file=ContentFile(content, name=row["name"]),
                file_size=len(content),
                rights=Rights.OWN,
            )
            self.files[row["name"]] = document.pk

    # Pages

    def _add_page(self, file: PageFile) -> None:
        page = PAGE_TYPES[file.content["type"]](
            title=file.content["title"],
            slug=file.path[-1] if file.path else f"start-{file.locale}",
            lead=file.content.get("lead", ""),
            listing_text=file.content.get("listing_text", ""),
            search_description=file.content.get("search_description", ""),
            show_in_menus=file.content.get("in_menu", False),
            locale=self.locales[file.locale],
            live=False,
        )
        if moment := file.content.get("published_at"):
            page.first_published_at = make_aware(moment)
        if translated := file.content.get("translation_of"):
            page.translation_key = self._page(translated).translation_key
        if isinstance(page, HomePage):
            self._add_home(page)
        else:
            parent = self._page(file.address.removesuffix(f"{file.path[-1]}/"))
            Page.objects.get(pk=parent.pk).add_child(instance=page)
        self.pages[file.address] = page

    def _add_home(self, page: HomePage) -> None:
        swedish = self.pages.get("/")
        if swedish is not None:
            page.translation_key = swedish.translation_key
        Page.get_first_root_node().add_child(instance=page)
        if swedish is None:
            site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
            welcome = site.root_page if site.pk else None
            site.hostname, site.port = self.address
            site.site_name, site.root_page = "Säkerhetspolisen", page
            site.save()
            if welcome is not None:
                with deleting_for_good("Wagtail's welcome page"):
                    welcome.delete()

    def _fill_page(self, file: PageFile) -> None:
        page, content = self.pages[file.address], file.content
        page.refresh_from_db()
        build = self._builder(file.locale)
        try:
            self._fill(page, content, build)
        except (KeyError, UnknownReferenceError) as error:
            raise UnknownReferenceError(f"{file.address}: {error}") from error
        for order, slug in enumerate(content.get("topics", [])):
            page.page_topics.add(PageTopic(topic=self.topics[slug, file.locale], sort_order=order))
        page.given_changed_on = content.get("changed_on")
        page.save_revision().publish()

    def _fill(self, page: BasePage, content: Entry, build: BlockBuilder) -> None:
        streams: dict[str, list[Entry]] = {
            name: build.stream(content[name]) for name in ("body", "aside") if name in content
        }
        if "image" in content:
            streams["image"] = [build.block("figure", build.figure(content["image"]))]
        if "related" in content and hasattr(page, "related"):
            streams["related"] = [build.block("page", build.page(a)) for a in content["related"]]
        if isinstance(page, HomePage):
            streams |= self._fill_home(page, content, build)
        if isinstance(page, ThreatLevelPage):
            streams["advice"] = [build.advice(each) for each in content["advice"]]
        self._fill_fields(page, content)
        for name, blocks in streams.items():
            _fill_stream(page, name, blocks)

    def _fill_home(
        self, page: HomePage, content: Entry, build: BlockBuilder
    ) -> dict[str, list[Entry]]:
        page.heading = content["heading"]
        for name in ("tip_heading", "tip_text", "about"):
            setattr(page, name, content[name])
        if lifted := content.get("lifted_news"):
            page.lifted_news_id = self._page(lifted).pk
        links = [build.block("link", build.link(link)) for link in content["about_links"]]
        return {"tasks": [build.task(task) for task in content["tasks"]], "about_links": links}

    def _fill_fields(self, page: BasePage, content: Entry) -> None:
        for name in ("conformance", "standard", "assessed_on", "assessed_by", "twin_kind"):
            if name in content:
                setattr(page, name, content[name])
        if "twin_of" in content:
            page.twin_of = self._page(content["twin_of"]).page_ptr
        for name in ("compared_at", "starts_at", "ends_at", "register_by"):
            if moment := content.get(name):
                setattr(page, name, make_aware(moment))
        if isinstance(page, NewsPage):
            page.kind = content["kind"]
            page.published_on = content["published_at"].date()
            page.place = content.get("place", "")

    def _builder(self, language: str) -> BlockBuilder:
        return BlockBuilder(
            locale=self.locales[language],
            page=lambda address: self._page(address).pk,
            picture=self.pictures.__getitem__,
            file=self.files.__getitem__,
            contact=lambda name, locale: self.contacts[name, locale],
        )

    def _page(self, address: str) -> BasePage:
        if address not in self.pages:
            raise UnknownReferenceError(address)
        return self.pages[address]

    # Settings

    def _add_settings(self) -> None:
        settings = tomllib.loads((CONTENT / "settings.toml").read_text())
        key: Entry = {}
        for code, row in settings["footer"].items():
            key = self._add_footer(code, row, key)
        key = {}
        for code, row in settings["cookie_notice"].items():
            page = self._page(row.pop("page"))
            notice = CookieNotice(locale=self.locales[code], page=page, **row, **key)
            published_row(notice)
            key = {"translation_key": notice.translation_key}

    def _add_search(self) -> None:
        rows = table("search.toml", "recommendation")
        recommendations = [
            Recommendation(names=row["names"].strip(), page=self._page(row["page"])) for row in rows
        ]
        for entry in recommendations:
            entry.live, entry.first_published_at = True, timezone.now()
        # At once, since they are many. `building` records the first version of each.
        Recommendation.objects.bulk_create(recommendations)

    def _add_footer(self, code: str, row: Entry, key: Entry) -> Entry:
        build = self._builder(code)
        accounts = [build.block("account", account) for account in row.pop("social_links")]
        links = {
            name: [build.block("link", build.link(link)) for link in row.pop(name)]
            for name in ("contact_links", "legal_links")
        }
        footer = Footer(locale=self.locales[code], **row, **key)
        for name, blocks in (links | {"social_links": accounts}).items():
            _fill_stream(footer, name, blocks)
        published_row(footer)
        return {"translation_key": footer.translation_key}


def _fill_stream(obj: Model, name: str, blocks: list[Entry]) -> None:
    field: BlocksField = type(obj)._meta.get_field(name)  # type: ignore[assignment]
    setattr(obj, name, field.filled(blocks))


def _show_as_it_is(image: SiteImage) -> None:
    """Lets pages show the picture, a WebP of moderate size, until its renditions are made."""
    spec = [each for each in wanted_specs(image) if "format-webp" in each][-1]
    with image.open_file() as file:
        image.renditions.create(filter_spec=spec, file=ContentFile(file.read(), image.filename))


def published_row(row: Row) -> Row:
    """Saves a row of a register, and publishes it as its first version."""
    row.save()
    row.save_revision().publish()
    return row
