"""Which modules are tried, and by which tests."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

_UNIT, _INTEGRATION = "tests/unit", "tests/integration"
_HANDLING = (
    f"{_UNIT}/tips/test_states.py",
    f"{_UNIT}/tips/test_step_table.py",
    f"{_UNIT}/tips/test_events.py",
    f"{_INTEGRATION}/tips/test_desk_steps.py",
    f"{_INTEGRATION}/tips/test_desk_purge.py",
)

TESTS = {
    "tips.handling.events": _HANDLING,
    "tips.handling.states": _HANDLING,
    "tips.handling.steps": _HANDLING,
    "tips.handling.purge": _HANDLING,
    "tips.keeping.intake": (
        f"{_INTEGRATION}/tips/test_intake.py",
        f"{_INTEGRATION}/tips/test_idempotency.py",
        f"{_INTEGRATION}/tips/test_janitor.py",
        f"{_INTEGRATION}/tips/test_faults.py",
    ),
    "tips.keeping.vault": (
        f"{_UNIT}/tips/test_vault.py",
        f"{_INTEGRATION}/tips/test_intake.py",
        f"{_INTEGRATION}/tips/test_desk_rewrap.py",
        f"{_INTEGRATION}/tips/test_janitor.py",
    ),
    "tips.form.tokens": (f"{_UNIT}/tips/test_tokens.py",),
    "tips.form.limiter": (f"{_UNIT}/tips/test_limiter.py",),
    "pages.store.keeping": (
        f"{_UNIT}/pages/test_store_keeping.py",
        f"{_INTEGRATION}/pages/test_page_store.py",
    ),
    "pages.publishing.dating": (
        f"{_UNIT}/pages/test_dating.py",
        f"{_INTEGRATION}/pages/test_last_changed.py",
    ),
    "pages.changes.withdrawals": (
        f"{_INTEGRATION}/pages/test_addresses.py",
        f"{_INTEGRATION}/pages/test_edition.py",
    ),
}


def path_of(module: str) -> Path:
    return ROOT / (module.replace(".", "/") + ".py")
