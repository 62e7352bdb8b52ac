"""Tables of former addresses: how they are read, and what they find."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages.content.tree.address_table import AddressLine, AddressTable, read_table, spelling
from tests.pace import cpu_seconds
from tests.tables import every_row


def _table(*rows: str) -> AddressTable:
    lines, faults = read_table("\n".join(rows))
    assert faults == []
    return AddressTable(lines)


def _leads(table: AddressTable, path: str) -> list[str]:
    return [target.address for target in table.by_patterns(path)]


@every_row(
    "path",
    ["/Personskydd.html", "/personskydd", "/personskydd/", "//PERSONSKYDD//", "/personskydd-.htm"],
)
def test_an_address_is_found_however_it_is_spelled(path):
    target = _table("/personskydd.html;/verksamheten/personskydd/").exact(path)
    assert target is not None
    assert target.address == "/verksamheten/personskydd/"


@every_row(
    ("text", "read"),
    [
        ("från;till\n/a.html;/b/\n", ["/a.html → /b/"]),
        ("\ufeffFrån;Till\r\n/a.html;/b/\r\n", ["/a.html → /b/"]),
        ("/a.html;/b/;;\n;;;\n", ["/a.html → /b/"]),
        ('old,new\n"/sv/start,12.html",/b/\n', ["/sv/start,12.html → /b/"]),
        ("/a.html\t/b/\n\n/c → https://www.imy.se/", ["/a.html → /b/", "/c → https://www.imy.se/"]),
        ("https://www.example.se/a.html;/b/", ["/a.html → /b/"]),
        ("/%C3%A5.html;/b/#c", ["/%C3%A5.html → /b/#c"]),
    ],
    ids=["csv", "excel", "filled up", "commas", "as we write it", "whole address", "escaped"],
)
def test_a_table_is_read_as_it_is_written_elsewhere_and_here(text, read):
    lines, faults = read_table(text)
    assert faults == []
    assert [str(line) for line in lines] == read
    assert [str(line) for line in read_table("\n".join(read))[0]] == read


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("/a.html", "skriv två adresser"), ("/a.html;/b/;/c/", "skriv två adresser"),
        ("/a b.html;/c/", "ett tecken som inte hör hemma i en adress"),
        ("/a%00b.html;/c/", "ett tecken som inte hör hemma i en adress"),
        ("/a.html;javascript:alert(1)", "den nya adressen måste börja med ett snedstreck"),
        ("/a.html;//example.com/", "den nya adressen måste börja med ett snedstreck"),
        ("/a.html;https://sakerhetspolisen.se@example.com/", "måste börja med ett snedstreck"),
        ("//example.com/a;/b/", "den tidigare adressen måste börja med ett snedstreck"),
        ("a.html;/b/", "den tidigare adressen måste börja med ett snedstreck"),
        ("/default.aspx?id=3;/b/", "utan ? och #"),
        ("/;/b/", "startsidan kan inte leda någon annanstans"),
        ("/*;/b/", "skulle fånga nästan alla adresser"), ("/nyheter/**;/b/", "högst 3 *"),
        ("/a*b*c*d*e;/b/", "högst 3 *"), ("/arkiv/*;/nyheter/*/*/", "lika många *"),
        ("/arkiv/*;https://example.com/*", "måste den nya adressen ligga på den här webbplatsen"),
        (f"/{'a' * 501};/b/", "högst 500 tecken"), (f'/a;"{"b" * 200_000}"', "skriv två adresser"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_named_with_its_number(row, said):
    lines, faults = read_table(f"från;till\n{row}\n/bra.html;/bra/")
    (fault,) = faults
    assert fault.startswith("Rad 2: ")
    assert said in fault
    assert [line.number for line in lines] == [3]


def test_an_address_that_leads_to_two_places_is_named_and_to_one_twice_is_not():
    _lines, faults = read_table("/a.html;/b/\n/A/;/b/\n/a;/c/")
    assert faults == ["Rad 3: samma adress står på rad 1 och leder någon annanstans där."]


def test_a_table_has_an_end():
    row = "/a{0};/b/\n"
    assert "högst 5000 rader" in read_table("".join(map(row.format, range(5_001))))[1][0]
    assert "högst 200" in read_table("".join(map("/abc{0}/*;/b/\n".format, range(201))))[1][0]
    assert "högst 1000000 tecken" in read_table("a" * 1_000_001)[1][0]


def test_the_pattern_that_says_most_comes_first_and_what_a_star_stands_for_goes_along():
    table = _table(
        "/nyheter/*;/nyheter/",
        "/nyheter/arkiv/*.html;/arkiv/*/",
        "/download/*/*/bok-*.pdf;/*/x/*/*/",
    )
    assert _leads(table, "/Nyheter/Arkiv/2022-en-sak.html") == ["/arkiv/2022-en-sak/", "/nyheter/"]
    assert _leads(table, "/download/18.4/15/bok-2017.pdf") == ["/18.4/x/15/2017/"]
    assert _leads(table, "/nyheter/") == []


_PATTERN = st.lists(st.text("ab/", min_size=1, max_size=4), min_size=2, max_size=4).map("*".join)


# How long an example takes says how busy the machine is; the last test asks for the time.
_at_leisure = settings(suppress_health_check=[HealthCheck.too_slow])


@_at_leisure
@given(_PATTERN, st.text("ab/", max_size=40))
def test_a_pattern_fits_what_a_shell_would_say_it_fits(pattern, path):
    old = "/" + pattern
    asked = spelling(path)
    found = _leads(AddressTable([AddressLine(1, old, "/x/")]), path)
    assert bool(found) == fnmatchcase(asked, spelling(old))


@_at_leisure
@given(st.text(max_size=300), st.text(max_size=300))
def test_no_table_and_no_address_hurt(text, path):
    lines, faults = read_table(text)
    assert all(isinstance(fault, str) for fault in faults)
    table = AddressTable(lines)
    for target in [table.exact(path), *table.by_patterns(path)]:
        assert target is None or target.address.startswith(("/", "http://", "https://"))
        assert target is None or not target.address.startswith("//") or target.is_filled


def test_two_hundred_patterns_against_an_address_that_almost_fits_take_no_time():
    lines = [AddressLine(n, f"/{'a*' * 3}{n}b", "/x/") for n in range(200)]
    table, path = AddressTable(lines), "/" + "a" * 8_000
    assert _leads(table, path) == []
    assert cpu_seconds(lambda: _leads(table, path)) < 0.5
