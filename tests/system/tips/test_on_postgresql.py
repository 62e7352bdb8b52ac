"""What the tip channel does on a PostgreSQL of its own: late steps, strange rows, and a server that is hurt."""

import json
import sys
from collections.abc import Iterator

import pytest
from django.db.utils import ConnectionHandler

from tests.postgres import ROOT, Cluster, installed, run
from tests.system.pages.outages import hanging
from tips.keeping import readiness as module


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """One of its own: the tips of others would be in the queue."""
    with installed() as server:
        yield server


LEAVE = """
from tips.keeping import intake
for number in range(3):
    intake.leave({"text": f"Tips {number}", "subject": "annat"})
"""
# A reader asks while one step is written and not yet committed, and another waits behind it.
WORK = """
import json, threading, time
from django.db import connection, connections, transaction
from tips.handling import events, steps
from tips.models import Tip

steps.take_in_new()
one, other, third = Tip.objects.using("tips").filter(state="received").order_by("pk")[:3]
told, seen = [], lambda since: events.changed_after(since, 200)
since = events.last_event().seq
is_written, may_end = threading.Event(), threading.Event()

def slow():
    with transaction.atomic(using="tips"):
        steps.change_tip(one, steps.STEPS["open"], actor="anna")
        is_written.set()
        may_end.wait(30)
        if ENDS_BADLY:
            transaction.set_rollback(True, using="tips")
    connections.close_all()

def late():
    is_written.wait(30)
    steps.open_tip(other.pk, "kollega")
    connections.close_all()

threads = [threading.Thread(target=slow), threading.Thread(target=late)]
for thread in threads: thread.start()
is_written.wait(30)
time.sleep(1)
# Nothing can be seen yet, and the cursor does not go past what cannot.
between = seen(since)
assert between == ([], since, True), between
may_end.set()
for thread in threads: thread.join(30)
after = seen(between[1])
steps.open_tip(third.pk, "anna")
last = seen(after[1])
names = {one.pk: "one", other.pk: "other", third.pk: "third"}
print(json.dumps([[names[each] for each in lot[0]] for lot in (after, last)]))
"""


@pytest.mark.parametrize("ends_badly", [False, True], ids=["commits late", "never commits"])
def test_a_step_that_is_committed_late_is_not_missed(
    server, tip_channel, tmp_path, settings, ends_badly
):
    def service(role, user, script):
        environment = server.environment(
            role, user, tmp_path, SAPO_TIPS_TRUST=str(tip_channel.trust.path),
            SAPO_INTAKE_KEY=str(settings.TIPS_INTAKE_KEY), SAPO_TIPS_RESERVE="1", PYTHONPATH=str(ROOT),
        )  # fmt: skip
        begin = "import django; django.setup()\n"
        return run([sys.executable, "-c", begin + script], environment)

    service("intake", "sapo-intake", LEAVE)
    work = f"ENDS_BADLY = {ends_badly}\n{WORK}"
    told = json.loads(service("desk", "sapo-desk", work).splitlines()[-1])

    assert told == [["other"] if ends_badly else ["one", "other"], ["third"]]


@pytest.fixture
def as_the_intake(monkeypatch):
    """A PostgreSQL of its own that may be hurt, asked as the intake asks it."""
    with installed() as server:
        own = {
            "ENGINE": "django.db.backends.postgresql", "NAME": "sapo_tips",
            "USER": "sapo-intake", "HOST": str(server.folder), "OPTIONS": {"connect_timeout": 2},
        }  # fmt: skip
        handler = ConnectionHandler({"default": own, "tips": own})
        monkeypatch.setattr(module, "connections", handler)
        monkeypatch.setattr(module, "_LONGEST", "200ms")
        yield server


@pytest.mark.django_db(databases=["default", "tips"])
@pytest.mark.fault("database hangs")
@pytest.mark.fault("database read-only")
def test_whatever_is_wrong_with_postgresql_is_found_out_soon(as_the_intake):
    server = as_the_intake
    assert module._answers()
    with server.connect("sapo-intake", "sapo_tips") as intake:  # nor does a tip wait longer
        assert intake.execute("SHOW statement_timeout").fetchone() == ("10s",)
    with server.connect("postgres", "sapo_tips") as owner:
        assert owner.execute("SELECT count(*) FROM tips_tip").fetchone() == (0,)
        for table in ("tips_tip", "tips_arrival"):
            owner.execute(f'REVOKE INSERT ON {table} FROM "sapo-intake"')
            assert not module._answers()
            owner.execute(f'GRANT INSERT ON {table} TO "sapo-intake"')
            assert module._answers()
        owner.execute('ALTER ROLE "sapo-intake" SET default_transaction_read_only = on')
        assert not module._answers()
        owner.execute('ALTER ROLE "sapo-intake" RESET default_transaction_read_only')
        with owner.transaction():
            owner.execute("LOCK TABLE tips_tip IN ACCESS EXCLUSIVE MODE")
            assert not module._answers()

    with hanging(server):  # it does not answer, and does not say so
        assert not module._answers()
    server.stop()
    assert not module._answers()
    server.start()
    assert module._answers()
