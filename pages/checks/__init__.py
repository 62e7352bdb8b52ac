"""The checks before publishing: what an editor should see before something goes before the readers.

`run` asks every check about the content of one object. May ask `models` and the rooms below it.
"""

from .findings import Colour, ContentCheck, Finding
from .running import known_checks, register_check
from .running import run_checks as run
