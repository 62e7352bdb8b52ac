"""What a recorded page names never leads out of the records of its moment."""

from pages.records.registrar.as_it_stood import own_address, page_as_it_stood
from tests.tables import every_row


@every_row(
    "named",
    [
        "/%2e%2e/%2E%2e/admin/users/", "/media/%2e%2e/%2e%2e/%2e%2e/admin/", "/a/%2e/b",
        "..%2f..%2fx",
    ],
)  # fmt: skip
def test_an_address_that_climbs_leads_nowhere(named: str) -> None:
    assert own_address(named, "/valet/") == ""
    page = page_as_it_stood(
        f'<img src="{named}" srcset="{named} 2x">'.encode(), "/valet/", lambda own: f"/visat{own}"
    )
    assert b"visat" not in page
