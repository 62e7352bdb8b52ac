"""Only few modules open what the guard keeps shut."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Who may let something become public or leave, and why.
OPENS = {
    "permitted": {
        "pages/newsroom/gate.py": "what two persons, or a ground, have approved",
        "pages/newsroom/acts.py": "an act that was approved so",
        "pages/newsroom/due.py": "an end that was approved so",
        "pages/newsroom/file_acts.py": "a picture or file that was approved so",
    },
    "Permit": {"pages/newsroom/permit.py": "the row that the database looks for"},
    "everything_permitted": {
        "pages/newsroom/before_the_rule.py": "a site that nobody has read yet is built"
    },
    # What is red is asked about before the first; the others are the grounds that it does not stop.
    "write_approval": {"pages/newsroom/submissions.py": "two persons stand behind it"},
    "put_out_on_ground": {
        "pages/newsroom/emergencies.py": "a chief editor alone",
        "pages/moving/import_steps.py": "content of the demo, if nothing is red",
    },
    "carry_out": {
        "pages/newsroom/submissions.py": "two persons have just approved it",
        "pages/newsroom/due.py": "they did, and its time has come",
        "pages/newsroom/gate.py": "the ground, or the act that was approved",
    },
    "building": {
        "sapo_site/demo/site.py": "the demo",
        "sapo_site/demo/first_site.py": "before there is anybody to confirm it",
    },
}


def test_only_these_let_something_become_public():
    found: dict[str, set[str]] = {name: set() for name in OPENS}
    for app in ("pages", "cooperation", "sapo_site", "tips"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                called = node.func if isinstance(node, ast.Call) else None
                name = getattr(called, "id", getattr(called, "attr", None))
                if name in found:
                    found[name].add(path.relative_to(ROOT).as_posix())
    assert found == {name: set(files) for name, files in OPENS.items()}


def test_the_rule_is_known_in_one_place():
    known = re.compile(r"\bas_chief\b|\bGround\.TWO\b")
    paths = [path for path in (ROOT / "pages").rglob("*.py") if "migrations" not in path.parts]
    found = {str(path.relative_to(ROOT)) for path in paths if known.search(path.read_text())}
    assert found == {"pages/newsroom/rule.py", "pages/newsroom/models/confirming.py"}
