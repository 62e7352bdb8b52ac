"""What `./sapo sbom` writes can be read by other programs, and is the same for everyone."""

import json
import re
import subprocess

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from sapo_site.script import bill
from sapo_site.script.environment import ROOT


def test_it_is_as_cyclonedx_says_it_must_be():
    said = bill.bill_of_materials()

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(said) is None
    wrong = said.replace('"type": "library"', '"type": "book"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(wrong) is not None


def test_two_who_have_the_same_commit_get_the_same_bill(monkeypatch):
    first = bill.bill_of_materials()
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    assert bill.bill_of_materials() == first
    said = json.loads(first)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", said["serialNumber"])
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "HEAD"],  # noqa: S607
        capture_output=True, text=True,
    )  # fmt: skip
    if commit.returncode == 0:
        assert said["metadata"]["component"]["version"] == commit.stdout.strip()
        assert re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\dZ", said["metadata"]["timestamp"])


def test_another_commit_is_another_bill(monkeypatch):
    numbers = set()
    for commit in (None, ["a" * 40, "2026-11-27T21:49:56Z"], ["b" * 40, "2026-11-27T21:49:56Z"]):
        monkeypatch.setattr(bill, "commit_here", lambda commit=commit: commit)
        said = bill.bill_of_materials()
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(said) is None
        numbers.add(json.loads(said)["serialNumber"])
    assert len(numbers) == 3
