"""The demo's tip channel, whose start is cut off at every point."""

import pytest

from sapo_site.demo import keys
from tests.integration.sapo_site.test_demo_tips import check_completed, demo  # noqa: F401
from tips.handling import steps
from tips.keeping import intake
from tips.sealing import trust_folder

pytestmark = pytest.mark.django_db(databases=["default", "tips"])
POINTS = [(intake, "leave", 6), (steps, "change_tip", 7), (trust_folder, "put_file", 10), (keys, "_write", 4)]  # fmt: skip


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [(owner, name, call) for owner, name, calls in POINTS for call in range(1, calls + 1)],
)
def test_a_start_that_was_cut_off_anywhere_is_completed(demo, monkeypatch, owner, name, call):  # noqa: F811
    check_completed(demo, monkeypatch, owner, name, call)
