"""Migrations that have landed stay as they were, with what they name; newer ones name nothing live."""

import ast
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from cooperation.fields import CooperationBodyField
from pages import fields
from pages.models.media import SiteImageField
from pages.models.search import TokensField, WordField
from pages.search import tables
from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[2]
APPS = ("pages", "cooperation", "tips", "sapo_site")
# SHA-256 of each migration that some installation may have run. A line is added when a migration
# lands; none is ever changed.
LANDED = {
    "cooperation/0001_initial": "969704471fbd5c26ea1194d0514a9123c15d40766797f8746e7db0a016279d74",
    "cooperation/0002_partners_become_drafts": (
        "cf3b40b05e342ea03532f30be4a13a03097ba0e4bb0f172766ef3eb6ab6b3332"
    ),
    "cooperation/0003_partners_have_versions": (
        "e21718a1fad606022129e1c14f044c472b38e6f6a704caa2242843007082d512"
    ),
    "cooperation/0004_language_of_name": (
        "24d869d65dbf72bf0de52404539f735ee33f0029a23c7bc0f55a5f19e6b7bfdb"
    ),
    "pages/0001_initial": "a45db753ea61fd69b6997874c920db62be8e4cf4ea66e98437d6b5f217a5c076",
    "pages/0002_dates_by_key": "06e4e165162aa9e6b1508ceaeeb171df4f7bc838ec3d69ff7decb8898943b3af",
    "pages/0003_start_pages_by_key": (
        "bfaf42a6ae303774dda3eedecf2468c1120f308718ef3f4936d26aa3b39a8178"
    ),
    "pages/0004_footer_without_phone": (
        "0f45bb0685d4805bc8a3aca1ab1cd7dcf951189f10dc4262c0112bed6bedb354"
    ),
    "pages/0005_former_files": "76922e26b17a8e7258353a140edf7e27edb6266a1599a0fefa00f526e9ee9d4d",
    "pages/0006_registers_become_drafts": (
        "2e13466a48921449ff0ae423f36c8186b98dcb00c6527d4cbd650e8cdb1e125b"
    ),
    "pages/0007_registers_have_versions": (
        "9e8703887c6223ed233cbba4377ed3521af144c5b4be81467c19fa2bec31dd6b"
    ),
    "pages/0008_decisions_with_hour": (
        "c4ea7f328b50258cbe50766d964887a83f3c9c66cc6111523eb5023548c19f7b"
    ),
    "pages/0009_redirections": "ba0bc9564e1bcc15ae0e193d683910201a7564a01990953808547b26e93c096b",
    "pages/0010_newsroom": "8c695cda1adfe1dd563d5b4b1d42e0daf51b2814b7d707355485fec7fdb66180",
    "pages/0011_withdrawals_with_reasons": (
        "1eadd60765fca32d6f8309e5dad2bb0c48564ea6750b920deb8d160f00c92f14"
    ),
    "pages/0012_account_events": "0e7ea05f0528b3cc761b0d59080a35cff880d872f7d8181dd99740eaa3d5142e",
    "pages/0013_basket": "8e963305ed9b582d6d979246401588970e3412f6b4b7833387147329d6bc737b",
    "pages/0014_files_kept_closed": (
        "e31ca8cdda8293cfe19a82860c9960250c523119e14f92cc19eaac1932d23e7a"
    ),
    "pages/0015_files_are_inspected": (
        "d04cf0657bae687a13c48d0dd2b4b7aea2da7658153ad31e52a33b6569386dce"
    ),
    "pages/0016_rights_and_uses": (
        "11d92a9ceaa0f93e24160dc6c5f526cdb56d5f13df5da6c7c9748eb8fc42285f"
    ),
    "pages/0017_used_until_now": "57e1d005b830e0e9300f43fbd22e42cf95a98d3a00edb40ce4588b6159ed710d",
    "pages/0018_checks": "3ee23ad7c73d23066c1e9a3e984a6e88b84c6a40ed01a2cf1056dd4deb8eab6f",
    "pages/0019_first_phrases": "3a0f2f00c8b6e509d8b37642611525d59f5bb7c836cd1abedc3622c951832c6e",
    "pages/0020_two_tables_of_one_search": (
        "62648bbd70e8d8032ccbc9f68c3b4234b626ec6de86ba343035e30334cf40630"
    ),
    "pages/0021_press_invitations": (
        "ff636f89d4330231b505d092c7153d24cf487e073a508fd2d588934a34ce652b"
    ),
    "pages/0022_pages_have_twins": (
        "d38760f6e5531a75f71d9a8818848db80bbb4e81e798e82f28bce3f4f639c69d"
    ),
    "pages/0023_start_page_and_advice": (
        "9f7fac17e3cec04c92647fa1ba6c5f3c1f35b95203b97d8f85f793685f314676"
    ),
    "pages/0024_imported_files": "ee92b13c6e0e2ae60d1d309feb85c1369f32f0f867c68280a36d9d25833db400",
    "pages/0025_former_addresses": (
        "df3e22ec5cd3a12f8a56a0092a87f657571f299b66121470003c571cc7d6571b"
    ),
    "pages/0026_weeding_proposals": (
        "afb4d9033cba79a90a258a5c8db3eca0cce5241dabbc238f0f960f3e26a24f46"
    ),
    "pages/0027_messages_in_both_languages": (
        "6723889fe775800d768eb7b81df9e4b034084c9561b457c6b79ccc6ddcd78e2f"
    ),
    "pages/0028_prepared_messages": (
        "fa1a33d87f912f80c6a78d37a2a3f4d610ac0576a24b952f4a1026634c8ebe41"
    ),
    "pages/0029_shipped_messages": (
        "28a7233a4d2a893a43c01637a9983a26a6ae72f5eceddb5c2ec303c26449fb89"
    ),
    "sapo_site/0001_initial": "6f9078121bf09570c1c561ca21492aacb9464c471a738f35eebce81d95ad447d",
    "sapo_site/0002_handlers_and_attempts": (
        "8e87a76bdb22c5187f8faa3e1a517e431f71d955335aaaf1d666312a1bba0a4b"
    ),
    "sapo_site/0003_tip_texts_can_be_locked": (
        "840535d122d450a9fe3f5d8fc35da83fd9ae46b96fd6d77e6cb3377264858e24"
    ),
    "sapo_site/0004_tip_page_texts": (
        "ae22a53db3e35636de0fc132a2007ec502ef4496eddbdf7756b66563edb823e7"
    ),
    "sapo_site/0005_no_view_of_handlers": (
        "903bdc53dfe98e683c010f60550137a36146e9568ea22e1a9cf9dbfb739d3776"
    ),
    "sapo_site/0006_whose_session": (
        "cda753e5ec021e66c80495cc183eaceac16678c0277c7d27e69c8249eeff8d6f"
    ),
    "sapo_site/0007_accessibility": (
        "7e8f886edc6bc08c41d1e09ba5a5ab1d1c060926ed67a8fa6b1af36cdc98d786"
    ),
    "tips/0001_initial": "dcb86d662290670dda9aadb9f7d6697990e2c9050a375252c38bcfa78bdee196",
    "tips/0002_desk_logins": "186abea5e49dd0f75f55668da94068663c66d92dbe2f2f01059dfe9e98c57a7d",
    "tips/0003_handlers_own_accounts": (
        "4bbc647591e4cd7aa2beaa22af4ea295c23acca756da7a7ffd730496bca760d9"
    ),
    "tips/0004_browsers_of_before": (
        "50eb5a105082d98005e61e9c6f873fd89223f21ace4b8808a37388c977249d4c"
    ),
}
# The commit from which on no landed migration changes.
SINCE = "7daf5bf"
# What the landed ones name of ours, and so must stay where it is, and what it must still make.
FROZEN_MODULES = {
    "cooperation.fields", "pages.fields", "pages.models.media", "pages.models.search",
    "pages.search.tables",
}  # fmt: skip
FROZEN_FIELDS = {
    "cooperation.fields.CooperationBodyField": (CooperationBodyField, "text", "jsonb"),
    "pages.fields.AdviceField": (fields.AdviceField, "text", "jsonb"),
    "pages.fields.AsideField": (fields.AsideField, "text", "jsonb"),
    "pages.fields.BodyField": (fields.BodyField, "text", "jsonb"),
    "pages.fields.LeadImageField": (fields.LeadImageField, "text", "jsonb"),
    "pages.fields.LinksField": (fields.LinksField, "text", "jsonb"),
    "pages.fields.RelatedField": (fields.RelatedField, "text", "jsonb"),
    "pages.fields.SocialLinksField": (fields.SocialLinksField, "text", "jsonb"),
    "pages.fields.TasksField": (fields.TasksField, "text", "jsonb"),
    "pages.models.media.SiteImageField": (SiteImageField, "varchar(100)", "varchar(100)"),
    "pages.models.search.TokensField": (TokensField, "text", "tsvector"),
    "pages.models.search.WordField": (WordField, "varchar(40)", 'varchar(40) COLLATE "C"'),
}
# SHA-256 of the statements, with one blank where there are several.
FROZEN_FUNCTIONS = {
    "pages.search.tables.create": {
        "sqlite": "2867e30b485ce4d659d252a5e283d8f64800e1377e3203ff8d2c62e1728b8aeb",
        "postgresql": "3ff4bbebfd613201d0aa6cafebb27478843957be50a44cc7621747c19d94a9ee",
    },
    "pages.search.tables.drop": {
        "sqlite": "8e98822b08a414c50fb49df737e23628f901ad207742ebcabf23f8baaa611443",
        "postgresql": "688b4c8e5c77ad3f660fed727837e5b14c218dac398d692e9bc8d738a9aca480",
    },
    "pages.search.tables.create_for_editors": {
        "sqlite": "4c393542b9424d1b3e441e30b2f8c1e87fb146242e66c30d58869a51df918ac7",
        "postgresql": "8d4e43a2d736de4889d87ab250c95f75ec4250ada8373c9d87cfdb8ad52a090f",
    },
    "pages.search.tables.create_triggers": {
        "sqlite": "f632bba85fb211059f1e4899d5ca71d32cf28599241d28493613238ebcbcb9ab",
        "postgresql": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
    "pages.search.tables.drop_for_editors": {
        "sqlite": "c48dc44a4d4c20b75f9058248015a1ad3007105863078bb556862aa1f7b13798",
        "postgresql": "b9f49b8b16c1a1714d3b0ce7e06a9e7ff463cc98e4ce75be89e00418cf5b2557",
    },
}


def _path(name: str) -> Path:
    app, _slash, module = name.partition("/")
    return ROOT / app / "migrations" / f"{module}.py"


PRESENT = {
    f"{app}/{path.stem}" for app in APPS for path in (ROOT / app / "migrations").glob("[0-9]*.py")
}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# Those that have landed


def test_every_landed_migration_is_as_it_landed():
    found = {name: _digest(_path(name).read_bytes()) for name in LANDED}
    assert {name: each for name, each in found.items() if each != LANDED[name]} == {}


def test_the_table_is_that_of_the_history():
    def git(*words: str) -> bytes | None:
        done = subprocess.run([shutil.which("git") or "", *words], cwd=ROOT, capture_output=True)
        return None if done.returncode else done.stdout

    if not (ROOT / ".git").exists() or git("cat-file", "-e", SINCE) is None:
        pytest.skip("Kräver historiken, som en grund klon saknar.")
    for path in (git("ls-tree", "-r", "--name-only", SINCE) or b"").decode().split():
        if match := re.fullmatch(r"(\w+)/migrations/(\d\w+)\.py", path):
            content = git("show", f"{SINCE}:{path}")
            assert content is not None
            assert _digest(content) == LANDED["/".join(match.groups())]


def test_what_the_landed_ones_name_of_ours_is_what_is_frozen():
    named = {name for each in LANDED for name in _names_of_ours(_path(each))}
    assert named == FROZEN_FIELDS.keys() | FROZEN_FUNCTIONS.keys()
    assert {name.rpartition(".")[0] for name in named} == FROZEN_MODULES


def _names_of_ours(path: Path) -> set[str]:
    """The dotted names in the migration that begin with a module of ours."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    imported = [
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    ]
    ours = tuple(f"{module}." for module in imported if module.split(".")[0] in APPS)
    found = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    return {name for name in found - set(imported) if name.startswith(ours)}


# What they name


def _database(vendor: str, data_types: Mapping[str, Any]) -> Any:
    """As much of a connection as a field asks for its type."""
    names = SimpleNamespace(quote_name=str)
    return SimpleNamespace(vendor=vendor, data_types=data_types, ops=names)


_SQLITE = _database("sqlite", SQLite.data_types)
_POSTGRESQL = _database("postgresql", PostgreSQL.data_types)


@every_row("name", FROZEN_FIELDS)
def test_a_frozen_field_has_its_name_and_its_columns(name):
    field_class, in_sqlite, in_postgresql = FROZEN_FIELDS[name]
    is_text = issubclass(field_class, models.CharField)
    field = field_class(max_length=40) if is_text else field_class()
    assert field.deconstruct()[1] == name
    assert field.db_type(_SQLITE) == in_sqlite
    assert field.db_type(_POSTGRESQL) == in_postgresql


@every_row("vendor", ["sqlite", "postgresql"])
@every_row("name", FROZEN_FUNCTIONS)
def test_a_frozen_function_says_the_same_to_the_database(name, vendor):
    said: list[str] = []
    editor = SimpleNamespace(execute=said.append, connection=SimpleNamespace(vendor=vendor))
    getattr(tables, name.rpartition(".")[2])(None, editor)
    words = " ".join(";".join(said).split())
    assert _digest(words.encode()) == FROZEN_FUNCTIONS[name][vendor]


# Newer ones

# What Django writes into migrations itself, and what data migrations are written with.
_MAY_NAME = re.compile(
    r"django\.(conf|contrib\.postgres(\.\w+)*|core\.validators|db(\.\w+)*|utils(\.\w+)*|apps\.registry)"
    r"|wagtail\.(fields|images\.models|models\.(media|preview)|search\.index)"
    r"|modelcluster\.fields|modelsearch\.index|taggit\.managers"
)
_STANDARD = sys.stdlib_module_names - {"importlib"}
_LIVE_WORDS = {"call_command", "import_module", "__import__"}


def test_a_newer_migration_calls_nothing_that_may_change():
    for name in sorted(PRESENT - LANDED.keys()):
        live = _live(_path(name).read_text())
        assert not live, f"{name}: {live} may change; write into the migration what it needs"


def test_a_newer_migration_makes_nobody_wait_for_long():
    """As zdm judges it; what it may do all the same says why, where it stands: `# zdm: ignore`."""
    newer = [str(_path(name)) for name in PRESENT - LANDED.keys()]
    if not newer:
        return  # asked about none, zdm judges all
    done = subprocess.run(
        [Path(sys.executable).with_name("zdm"), "--warnings-as-errors", "--output-format", "compact", *newer],
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _live(source: str) -> list[str]:
    """What the migration imports of code that changes, or could reach it by."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if not _may_name(alias.name)]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names = {f"{module}.{alias.name}" for alias in node.names}
            if not _may_name(module) and not all(map(_may_name, names)):
                found.append(module)
        elif isinstance(node, ast.Name) and node.id in _LIVE_WORDS:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in _LIVE_WORDS:
            found.append(node.attr)
    return found


def _may_name(module: str) -> bool:
    first = module.partition(".")[0]
    return module in FROZEN_MODULES or bool(_MAY_NAME.fullmatch(module)) or first in _STANDARD


@every_row(
    ("source", "live"),
    [
        ("from django.db import migrations, models", []),
        ("import uuid\nimport pages.fields\nimport wagtail.images.models", []),
        ("from pages.search import index", ["pages.search"]),
        ("from pages.models import ArticlePage", ["pages.models"]),
        ("from ..models import Tip", ["..models"]),
        ("import importlib", ["importlib"]),
        ("from django.apps import apps", ["django.apps"]),
        ("from django.core.management import call_command", ["django.core.management"]),
        ("from wagtail.models import Page", ["wagtail.models"]),
        ("__import__('pages.models')", ["__import__"]),
    ],
)
def test_live_code_is_known_when_it_is_seen(source, live):
    assert _live(source) == live
