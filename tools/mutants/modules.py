"""Which modules are tried, by which tests, and what of them no test can notice."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXPLAINED = Path(__file__).with_name("explained.toml")

_UNIT, _INTEGRATION = "tests/unit", "tests/integration"
_INTAKE = (
    f"{_INTEGRATION}/tips/test_intake.py",
    f"{_INTEGRATION}/tips/test_intake_reasons.py",
    f"{_INTEGRATION}/tips/test_idempotency.py",
)
_VAULT = (f"{_UNIT}/tips/test_vault.py",)
_CONFIRMING = (
    f"{_INTEGRATION}/pages/test_confirming.py",
    f"{_INTEGRATION}/pages/test_one_confirmation.py",
    f"{_INTEGRATION}/pages/test_red_findings.py",
    f"{_INTEGRATION}/pages/test_persons.py",
)

TESTS = {
    "tips.handling.events": (
        f"{_UNIT}/tips/test_events.py",
        f"{_UNIT}/tips/test_step_table.py",
    ),
    "tips.handling.states": (
        f"{_UNIT}/tips/test_states.py",
        f"{_UNIT}/tips/test_step_table.py",
    ),
    "tips.handling.register_numbers": (f"{_UNIT}/tips/test_states.py",),
    "tips.handling.steps": (
        f"{_UNIT}/tips/test_steps.py",
        f"{_UNIT}/tips/test_step_table.py",
        f"{_INTEGRATION}/tips/test_desk_steps.py",
    ),
    "tips.handling.purge": (f"{_INTEGRATION}/tips/test_desk_purge.py",),
    "tips.keeping.intake": _INTAKE,
    "tips.keeping.present_keyring": _INTAKE,
    "tips.keeping.vault": _VAULT,
    "tips.keeping.arriving": _VAULT,
    "tips.keeping.folders": _VAULT,
    "tips.keeping.sealed_files": _VAULT,
    "tips.form.tokens": (f"{_UNIT}/tips/test_tokens.py",),
    "tips.form.limiter": (f"{_UNIT}/tips/test_limiter.py",),
    "pages.public.store.keeping": (f"{_UNIT}/pages/test_store_keeping.py",),
    "pages.content.publishing.dating": (f"{_UNIT}/pages/test_dating.py",),
    "tips.sealing.trust": (f"{_UNIT}/tips/test_trust.py",),
    "tips.opener.trust.trust.js": (
        f"{_UNIT}/tips/test_opener_trust.py",
        f"{_UNIT}/tips/test_notes.py",
    ),
    "tips.opener.form.seal.js": (f"{_UNIT}/tips/test_sealing_programs.py",),
    "tips.opener.tip.signed_note.js": (f"{_UNIT}/tips/test_notes.py",),
    "tips.opener.form.tip_fields.js": (f"{_UNIT}/tips/test_sealing_programs.py",),
    "pages.newsroom.rule": _CONFIRMING,
    "pages.newsroom.gate": (
        *_CONFIRMING,
        f"{_INTEGRATION}/pages/test_newsroom_attacks.py",
        f"{_INTEGRATION}/pages/test_public_files.py",
        f"{_INTEGRATION}/pages/test_deleting.py",
    ),
    "pages.newsroom.served_files": (f"{_INTEGRATION}/pages/test_served_files.py",),
    "pages.changes.leaving": (f"{_INTEGRATION}/pages/test_addresses.py",),
}


def path_of(module: str) -> Path:
    stem = module.removesuffix(".js")
    return ROOT / (stem.replace(".", "/") + (".py" if stem == module else ".js"))


def explained(module: str) -> dict[tuple[str, str], str]:
    """By function and its changed line: why no test could notice the change."""
    listed = tomllib.loads(EXPLAINED.read_text()).get("mutant", [])
    return {
        (each["function"], becomes): each["reason"]
        for each in listed
        if each["module"] == module
        for becomes in each["becomes"]
    }
