"""What tests/integration/pages/test_doors.py says, for one who may do everything in the CMS."""

from tests.integration.pages import test_doors as first
from tests.integration.pages.test_doors import post_everywhere

live, row, everything = first.live, first.row, first.everything


def test_a_form_by_an_administrator_changes_nothing_that_readers_meet(admin, everything):
    post_everywhere(admin, everything, with_reading=True)
