"""The reference number says nothing, and can be read aloud."""

import re
import uuid

from tests.tables import every_row
from tips.sealing.reference import reference_of


@every_row(
    ("tip_id", "reference"),
    [
        ("00000000-0000-4000-8000-000000000000", "0000-0000"),
        ("ffffffff-ff00-4000-8000-000000000000", "ZZZZ-ZZZZ"),
        ("3b9f2e61-7cd1-4a2b-9d0e-5f6a7b8c9d0e", "7EFJ-WRBW"),
    ],
)
def test_reference_is_the_beginning_of_the_id(tip_id, reference):
    assert reference_of(uuid.UUID(tip_id)) == reference


def test_reference_has_no_sign_that_is_misread():
    for _ in range(500):
        assert re.fullmatch(
            r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference_of(uuid.uuid4())
        )
