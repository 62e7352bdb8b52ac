import gc
import logging
import os
import random
import resource
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hypothesis
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker
from wagtail.models import Locale, Page, Site

from pages.content.models import HomePage, SectionPage
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS, REGISTRARS
from pages.library.public_storage import PublicFolder, public_storage
from sapo_site.accounts.groups import set_up_roles
from sapo_site.running import crash_dumps
from sapo_site.running.readiness import fitness
from tips import journal
from tips.sealing.keyring import KeyringEntry

from . import databases, faults, guarding, replay, tiers
from .factories import HomePageFactory, SectionPageFactory
from .lacking import passed_over
from .recorded import use_own_records

Rounds = Callable[[int, int], int]

# Playwright's event loop runs in the thread that uses Django's database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


_turn_off_for_good = crash_dumps.turn_off


def _turn_off_here() -> None:
    """Lowers the soft limit alone: programs that tests start must be seen to lower the hard one."""
    with patch.object(resource, "setrlimit"):
        _turn_off_for_good()
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


# Some tests load the WSGI application, which turns crash dumps off.
crash_dumps.turn_off = _turn_off_here
# Nor does a thread go on to ask the database of a test that is over.
fitness._look = list


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Copies databases that were migrated before, and again after a test that commits."""
    # No table of permits, and none that is refused, before it is migrated.
    with django_db_blocker.unblock(), guarding.guarded():
        copies = databases.copies()

    def restore(test: TransactionTestCase) -> None:
        for alias in test._databases_names(include_mirrors=False):
            copies[alias].restore()

    with patch.object(TransactionTestCase, "_fixture_teardown", restore):
        yield
    with django_db_blocker.unblock():
        for copy in copies.values():
            copy.remove()


@pytest.fixture(scope="session", autouse=True)
def _guard_in_requests() -> Iterator[None]:
    with guarding.guard_in_requests():
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    tiers.options(parser)


def pytest_report_header(config: pytest.Config) -> str:
    return f"drawn by --seed {tiers.seed(config)}"


def pytest_configure(config: pytest.Config) -> None:
    tiers.seed(config)
    # On a machine with other work an example may take long, which says nothing of the code.
    examples = 400 if config.getoption("--long") else 30
    hypothesis.settings.register_profile("sapo", deadline=None, max_examples=examples)
    hypothesis.settings.load_profile("sapo")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    tiers.mark_promises(items)
    tiers.draw_rows(items, config)
    faults.name_rows(items)


def pytest_collection_finish() -> None:
    """Spares the garbage collector what stays for the whole run: it takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.getreports("skipped")
    for line in passed_over(str(each.longrepr[2]) for each in skipped):
        terminalreporter.line(line, yellow=True)
    if terminalreporter.config.getoption("markexpr") == "fault":
        ended = [
            each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)
        ]
        terminalreporter.section("what breaks")
        for line in faults.summary([each for each in ended if each.when == "call"]):
            terminalreporter.line(line)


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """How many rounds a long test makes: few by default, many with `--long`."""
    are_all = request.config.getoption("--long")
    return lambda few, many: many if are_all else few


@pytest.fixture
def drawn(request: pytest.FixtureRequest) -> random.Random:
    """What a test draws its delays and values by: the same ones with the same seed."""
    return random.Random(f"{tiers.seed(request.config)} {request.node.nodeid}")


@pytest.fixture
def acknowledges(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Counts what somebody was told is saved, for the table of what breaks; none of it may be lost."""

    def count(told: int, *, lost: int) -> None:
        record_property("kept", told - int(lost))
        record_property("lost", int(lost))
        assert told > 0
        assert lost == 0

    return count


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Empties all caches: each test begins like a process that has just started."""
    from django.core.cache import caches

    from pages.ground.version import memory

    guarding.look_away()
    memory._remembered.clear()
    for shelf in memory.Shelf._all:
        shelf._kept = ("", {})
    journal._counted.forget()
    for alias in caches:
        caches[alias].clear()


def _make_home() -> None:
    page = HomePageFactory(parent=Page.get_first_root_node())
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    site.root_page = page
    site.save()
    # As `welcome.delete()` leaves it, which first asks forty tables for what could name the page.
    Page.objects.filter(pk=welcome.pk)._raw_delete("default")
    Page.objects.filter(depth=1).update(numchild=1)


def _make_section(home: HomePage | None = None) -> None:
    parent = home or HomePage.objects.get()
    SectionPageFactory(parent=parent, title="Verksamheten", slug="verksamheten")


@pytest.fixture(scope="session")
def pages_learned(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> dict[str, list[replay.Change]]:
    """The rows of the pages that most tests need: to save one asks and writes a hundred times."""
    learned = {}
    with django_db_blocker.unblock(), transaction.atomic():
        for name, make in (("home", _make_home), ("section", _make_section)):
            learned[name] = replay.learned(make)
            replay.replay(learned[name])
        transaction.set_rollback(True)
    return learned


@pytest.fixture
def home(db: None, pages_learned: dict[str, list[replay.Change]]) -> HomePage:
    """The Swedish start page of the site."""
    replay.replay(pages_learned["home"])
    Site.clear_site_root_paths_cache()
    return HomePage.objects.get()


@pytest.fixture
def english_home(home: HomePage) -> HomePage:
    """The English start page, a translation of the Swedish one."""
    english, _created = Locale.objects.get_or_create(language_code="en")
    page = HomePageFactory(
        parent=Page.get_first_root_node(),
        title="Swedish Security Service",
        slug="start-en",
        heading="We protect Sweden and democracy",
        locale=english,
        translation_key=home.translation_key,
    )
    Site.clear_site_root_paths_cache()
    return page


@pytest.fixture
def section(home: HomePage, pages_learned: dict[str, list[replay.Change]]) -> SectionPage:
    if Page.objects.latest("pk").pk == home.pk:
        replay.replay(pages_learned["section"])
    else:  # its key may be taken by what was made before
        _make_section(home)
    home.refresh_from_db()
    return SectionPage.objects.get(slug="verksamheten", path__startswith=home.path)


@pytest.fixture(scope="session")
def roles_learned(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[replay.Change]:
    """The rows that set_up_roles writes: running it takes three hundred queries in each test."""
    with django_db_blocker.unblock():
        return replay.learned(set_up_roles)


@pytest.fixture
def roles(db: None, roles_learned: list[replay.Change]) -> None:
    replay.replay(roles_learned)


def _user(username: str, group: str | None) -> object:
    user = get_user_model().objects.create_user(
        username, password="hemligt-nog-for-prov", is_superuser=group is None
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def admin(roles: None) -> object:
    return _user("admin", None)


@pytest.fixture(autouse=True)
def _nothing_served() -> Iterator[None]:
    """Takes away what the test has let visitors fetch."""
    yield
    if isinstance(folder := public_storage(), PublicFolder):
        shutil.rmtree(folder.location, ignore_errors=True)


@pytest.fixture
def editor(roles: None) -> object:
    return _user("redaktor", EDITORS)


@pytest.fixture
def chief_editor(roles: None) -> object:
    return _user("chefredaktor", CHIEF_EDITORS)


@pytest.fixture
def another_editor(roles: None) -> object:
    return _user("eva", EDITORS)


@pytest.fixture
def another_chief(roles: None) -> object:
    return _user("doris", CHIEF_EDITORS)


@pytest.fixture
def ragnhild(roles: None) -> object:
    return _user("ragnhild", REGISTRARS)


@pytest.fixture
def own_records(settings: Any, tmp_path: Path) -> None:
    use_own_records(settings, tmp_path)


@pytest.fixture
def no_editor(roles: None) -> object:
    """One who has an account in the CMS and no part in it."""
    return get_user_model().objects.create_user("utan-roll", password="hemligt-nog-for-prov")


@dataclass
class TipChannel:
    """The test's own tip channel: folder, keyring, and the identity that opens its tips."""

    root: Path
    identity: Any
    trust: Any

    @property
    def keyring_path(self) -> Path:
        return self.trust.path / "keyring.json"

    @property
    def identities(self) -> list[Any]:
        return [self.identity]

    @property
    def vault(self) -> Any:
        from tips.keeping.vault import Vault

        return Vault(self.root / "tips")

    def sealed(self, tip_id: Any, name: str, identity: Any = None) -> bytes:
        """A sealed file of a tip; of its head the one that is for this key, or for the handler's."""
        from tips.sealing.heads import entry_id

        if name == "head.age":
            own = entry_id((identity or self.identity).recipient)
            return self.vault.heads_of(tip_id).part([own])
        with self.vault.open(tip_id, name) as file:
            return file.read()


@pytest.fixture(scope="session")
def _ceremony(tmp_path_factory: pytest.TempPathFactory) -> TipChannel:
    """What two signers have signed, for one handler's post-quantum key: once for all tests."""
    from tips.sealing import age

    from .rings import entries_for, intake_key_in, trust_in

    root = tmp_path_factory.mktemp("ceremony")
    identity = age.generate_identity()
    intake = [intake_key_in(root / "intake.key")]
    trust = trust_in(root / "trust", entries_for([identity.recipient]), intake=intake)
    return TipChannel(root, identity, trust)


@pytest.fixture
def tip_channel(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _ceremony: TipChannel
) -> TipChannel:
    """A tip channel that is open, with one handler's post-quantum key in its keyring."""
    from tips.form import guard
    from tips.form.limiter import limiter
    from tips.keeping.readiness import readiness

    limiter.forget()  # tips of other tests
    readiness.forget()
    monkeypatch.setattr(guard, "_reported", ("", 0.0))
    shutil.copytree(_ceremony.root, tmp_path, dirs_exist_ok=True)
    settings.TIPS_DIR = tmp_path / "tips"
    settings.TIPS_INTAKE_DIR = tmp_path / "intake"
    settings.TIPS_INTAKE_KEY = tmp_path / "intake.key"
    trust = replace(_ceremony.trust, path=tmp_path / "trust")
    settings.TIPS_TRUST_DIR, settings.TIPS_ROOT = trust.path, trust.root
    return TipChannel(tmp_path, _ceremony.identity, trust)


@pytest.fixture
def handler(tip_channel: TipChannel) -> KeyringEntry:
    """The one who stands in the keyring."""
    return tip_channel.trust.ring.entries[0]


@pytest.fixture
def noted(caplog):
    """What has been noted since the last time: the fields of each entry."""
    caplog.set_level(logging.INFO, "tips.journal")

    def noted():
        entries = [record.audit for record in caplog.records if hasattr(record, "audit")]
        caplog.clear()
        return entries

    return noted
