"""The demo's content files."""

import tomllib

from sapo_site.demo.content_files import ContentTable

TORN = """
title = "Terrorist threat level"
[[advice]]
level = 1
translation_of = "/hoten-mot-sverige/terrorhotniva/"
"""


def test_a_name_in_the_wrong_table_is_read_by_nobody_and_told():
    entry = ContentTable(tomllib.loads(TORN))
    assert entry["title"]
    assert entry.get("translation_of") is None
    assert [each["level"] for each in entry["advice"]] == [1]

    assert [*entry.unread()] == ["translation_of"]
