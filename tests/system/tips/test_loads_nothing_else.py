"""What parts of the tip channel load, in a process that has nothing else."""

from tests.system.as_service import run_as


def test_register_loads_nothing_that_opens_or_finds_tips():
    """Also when the rule in pyproject.toml is gone: a process that has it has nothing else."""
    program = (
        "import django; django.setup()\n"
        "import sys, tips.handling.register\n"
        "print(*(name for name in sys.modules if name.startswith('tips.')))\n"
    )
    loaded = run_as("", program).split()

    assert "tips.handling.register" in loaded
    forbidden = {"age", "vault", "envelope", "intake", "keyring", "bundle", "packing", "forms",
                 "outgoing", "rewrap"}  # fmt: skip
    assert not [name for name in loaded if forbidden & {*name.split(".")}]
    rooms = ("tips.keeping.", "tips.sealing.", "tips.desk.", "tips.handling.notes")
    assert not [name for name in loaded if name.startswith(rooms)]


def test_sealing_and_signing_need_neither_django_nor_its_settings():
    """Where it cannot be imported, each module of theirs can."""
    program = (
        "import importlib, pkgutil, sys, tips.sealing, tips.signing\n"
        "sys.modules['django'] = None\n"
        "for room in (tips.sealing, tips.signing):\n"
        "    for found in pkgutil.walk_packages(room.__path__, f'{room.__name__}.'):\n"
        "        importlib.import_module(found.name)\n"
        "print('tips.sealing.age.stream' in sys.modules, 'tips.signing.signera' in sys.modules)"
    )
    assert run_as("", program).split() == ["True", "True"]
