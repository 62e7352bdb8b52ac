"""What readers meet while the database is gone or hangs, with ten searches a second meanwhile.

On PostgreSQL. Some have closed the notice on cookies: their pages stand in no edition, and come from the service.
"""

import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.pace import until
from tests.postgres import ROOT, run
from tests.system.pages.installation import ARTICLE, Installation, installation
from tests.system.pages.outages import Asked, ask_at_a_pace, hanging, stopped, told

pytestmark = pytest.mark.alone  # the pace is that of the machine

CLOSED = {"Cookie": "__Host-kakmeddelande=stangt"}
READ = {"page": (ARTICLE, CLOSED), "list": ("/verksamheten/", CLOSED), "health": ("/halsa/", {})}
ASKED = {**READ, "search": ("/sok/?q=ord{}", {}), "missing": ("/finns-inte-{}/", {})}
_MAKE_ANNA = """
import django
django.setup()
from django.contrib.auth import get_user_model
from sapo_site.accounts.groups import set_up_roles
set_up_roles()
get_user_model().objects.create_superuser("anna", password="hemligt-nog-for-prov")
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as site:
        site.serve("public")
        site.serve("editorial")
        site.run(_MAKE_ANNA)
        site.write_edition()
        until((site.folder / "var" / "edition" / "current" / "whole").exists, 180)
        yield site


@pytest.mark.parametrize(
    "outage",
    [
        pytest.param(stopped, marks=pytest.mark.fault("database gone")),
        pytest.param(hanging, marks=pytest.mark.fault("database hangs")),
    ],
)
def test_ten_searches_a_second_in_an_outage_hold_up_nobody(site, outage, rounds, record_property):
    _until_all_is_well(site)
    with outage(site.server):
        asked = ask_at_a_pace(site, ASKED, rounds(5, 60))
    healed = _until_all_is_well(site)
    readers = [each for each in asked if each.name in READ]
    others = [each for each in asked if each.name not in READ]
    assert {each.status for each in readers} == {200}
    assert 503 in {each.status for each in others} <= {200, 404, 503}
    # Who asks before the outage is known waits until it is; a busy machine learns of it later.
    longest = max(each.took for each in others)
    assert longest < 2.8
    pages = _nine_of_ten(_known(readers))
    assert pages < 0.1
    assert _nine_of_ten(_known(others)) < 0.3
    record_property("rounds", len(asked))
    record_property(
        "seen",
        f"pages in {pages * 1000:.0f} ms, 503 in {statistics.median(_known(others)) * 1000:.0f} ms, "
        f"{longest:.1f} s before it is known, healed after {healed:.1f} s",
    )


@pytest.mark.fault("database slow")
def test_while_a_table_is_locked_searches_are_told_to_come_back_and_pages_are_read(
    site, record_property
):
    _until_all_is_well(site)
    with site.server.connect("postgres", "sapo") as owner, owner.transaction():
        owner.execute("LOCK TABLE search_searchentry IN ACCESS EXCLUSIVE MODE")
        asked = ask_at_a_pace(site, {**READ, "search": ASKED["search"]}, 12)
    readers = [each for each in asked if each.name in READ]
    searches = [each for each in asked if each.name == "search"]
    assert {each.status for each in readers} == {200}
    assert {each.status for each in searches} == {503}
    assert max(each.took for each in searches) < 13
    pages = _nine_of_ten([each.took for each in readers])
    assert pages < 0.1
    record_property("rounds", len(asked))
    record_property("seen", f"pages in {pages * 1000:.0f} ms, 503 to who searches")
    _until_all_is_well(site)


@contextmanager
def _reads_only(site: Installation) -> Iterator[None]:
    told(site.server, "ALTER DATABASE sapo SET default_transaction_read_only = on", _LEAVE)
    try:
        yield
    finally:
        told(site.server, "SET default_transaction_read_only = off",
             "ALTER DATABASE sapo RESET default_transaction_read_only", _LEAVE)  # fmt: skip


@contextmanager
def _is_full(site: Installation) -> Iterator[None]:
    """Refuses what is written as PostgreSQL does when its disk is full."""
    told(site.server, "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
         "$$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$",
         "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON django_session "
         "EXECUTE FUNCTION full_disk()")  # fmt: skip
    try:
        yield
    finally:
        told(site.server, "DROP FUNCTION full_disk CASCADE")


# Every process connects anew, and finds out.
_LEAVE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'sapo' AND pid <> pg_backend_pid()"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(_reads_only, marks=pytest.mark.fault("database read-only")),
        pytest.param(_is_full, marks=pytest.mark.fault("database full")),
    ],
)
def test_a_database_that_takes_nothing_is_read_and_who_writes_is_told_that_nothing_is_saved(
    site, fault, record_property
):
    _until_all_is_well(site)
    with fault(site):
        _until_all_is_well(site)
        assert site.ask(ARTICLE, service="public", **CLOSED)[0] == 200
        status, text, headers = _log_in(site)
        assert (status, headers["Retry-After"]) == (503, "30")
        assert "Om du just skickade något är det inte sparat" in text
    until(lambda: _log_in(site)[0] == 302, 20)
    record_property("seen", "pages and search 200, the CMS 503 in words")


def _log_in(site: Installation) -> tuple[int, str, dict[str, str]]:
    _status, page, headers = site.ask("/admin/login/", service="editorial")
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page) or [""]
    cookie = headers.get("Set-Cookie", "").partition(";")[0]
    body = f"csrfmiddlewaretoken={token}&username=anna&password=hemligt-nog-for-prov"
    return site.ask(
        "/admin/login/", service="editorial", method="POST", body=body, Cookie=cookie,
        Origin="https://www.sapo.example",
        **{"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip


_LOSE_THE_CONNECTION_AFTER_THE_LAST_ROW = """
import django, os, socket, sys
django.setup()
from django.db import DatabaseError, connections
database = connections[sys.argv[1]]
rows = database.chunked_cursor()
rows.execute("SELECT 1")
rows.fetchall()
with socket.socket(fileno=os.dup(database.connection.fileno())) as line:
    line.shutdown(socket.SHUT_RDWR)
try:
    rows.close()
except DatabaseError as error:
    print("an outage:", type(error).__name__)
"""


@pytest.mark.parametrize(
    ("service", "database"),
    [("editorial", "default"), ("public", "default"), ("intake", "tips"), ("desk", "tips")],
)
def test_who_reads_row_by_row_when_the_connection_is_lost_meets_what_django_says_of_an_outage(
    site, service, database
):
    """And not psycopg's own error, which no job waits for: the one that writes the pages ended by it."""
    program = [sys.executable, "-c", _LOSE_THE_CONNECTION_AFTER_THE_LAST_ROW, database]
    assert run(program, site.environment(service)) == "an outage: OperationalError\n"


_HALF_A_MIGRATION = """
import django
django.setup()
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
def fail(apps, schema_editor):
    apps.get_model("content", "Topic").objects.update(half_way="ja")
    raise RuntimeError("half-way")
class Half(migrations.Migration):
    operations = [
        migrations.AddField("topic", "half_way", models.TextField(default="")),
        migrations.RunPython(fail),
    ]
executor = MigrationExecutor(connection)
state = executor.loader.project_state()
try:
    executor.apply_migration(state, Half("9999_half", "content"))
except RuntimeError as error:
    print("stopped:", error)
"""


@pytest.mark.fault("migration fails half-way")
def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(
    site, record_property, acknowledges
):
    columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'content_topic'"
    before = told(site.server, columns)
    assert "stopped: half-way" in site.run(_HALF_A_MIGRATION)
    assert told(site.server, columns) == before
    site.publish("Efter migreringen")
    until(lambda: "Efter migreringen" in site.ask(ARTICLE, service="public")[1], 20)
    acknowledges(1, lost=0)
    record_property("seen", "every table as it was; the former code goes on")


_PUBLISH_WHEN_TOLD = """
import django, sys
django.setup()
from pages.content.models import ArticlePage
from tests.guarding import let_everything_through
let_everything_through()
article = ArticlePage.objects.get(slug="samverkan")
article.title = sys.argv[1]
print("ready", flush=True)
article.save_revision().publish()
print("done", flush=True)
"""


@pytest.mark.fault("a process killed")
def test_whoever_publishes_while_the_process_is_killed_has_published_or_not(
    site, rounds, record_property, acknowledges
):
    site.publish("Före avbrotten")
    acknowledged = lost = 0
    for number in range(count := rounds(4, 40)):
        title = f"Avbruten {number}"
        with subprocess.Popen(
            [sys.executable, "-c", _PUBLISH_WHEN_TOLD, title],
            cwd=ROOT, env=site.environment("editorial"), stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(number * 0.4 / count)
            # The last one as soon as its answer has come.
            said = process.stdout.readline() if number == count - 1 else ""
            process.kill()
            is_acknowledged = "done" in said + process.stdout.read()
        stands, confirmed = told(
            site.server,
            "SELECT title, content->>'title' FROM wagtailcore_page JOIN wagtailcore_revision r"
            " ON r.id = live_revision_id WHERE slug = 'samverkan'",
        )
        assert stands == confirmed
        until(lambda stands=stands: stands in site.ask(ARTICLE, service="public")[1], 10)
        acknowledged += is_acknowledged
        lost += is_acknowledged and stands != title
    record_property("rounds", count)
    acknowledges(acknowledged, lost=lost)
    record_property(
        "seen", f"the former page or the new one, never half; {acknowledged} had been acknowledged"
    )


@pytest.mark.fault("update under traffic")
def test_a_service_is_started_anew_under_traffic_and_no_request_fails(
    site, rounds, record_property, acknowledges
):
    site.hold_socket("public1")
    site.serve("public1")
    is_over = threading.Event()

    def read(number: int) -> list[int]:
        statuses = []
        while not is_over.is_set():
            address = (ARTICLE, "/verksamheten/", "/finns-inte/")[number % 3]
            statuses.append(site.ask(address, service="public1", **CLOSED)[0])
        return statuses

    with ThreadPoolExecutor(6) as readers:
        reading = [readers.submit(read, number) for number in range(6)]
        try:
            for _again in range(rounds(2, 10)):
                site.end("public1")
                site.serve("public1")
        finally:
            is_over.set()
        statuses = [status for each in reading for status in each.result()]
    failed = [status for status in statuses if status not in (200, 404)]
    acknowledges(len(statuses), lost=len(failed))
    record_property("rounds", rounds(2, 10))
    record_property("seen", f"{len(statuses)} requests answered")
    site.end("public1")


def _until_all_is_well(site: Installation) -> float:
    word = f"{time.monotonic():.0f}"
    return until(lambda: site.ask(f"/sok/?q={word}", service="public")[0] == 200, 30)


def _known(asked: list[Asked]) -> list[float]:
    """How long it took from when the outage was known."""
    return [each.took for each in asked if each.after > 2]


def _nine_of_ten(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=10)[-1]
