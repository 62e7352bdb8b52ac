"""The program that works on a file from outside, so that whatever the file does ends with this process.

`python -m pages.apart.child MODULE:FUNCTION`; reads what it is given as JSON, and prints JSON. It bounds
itself before it loads what reads the file, has no environment, and needs no database.
"""

import importlib
import json
import os
import resource
import sys

_MEGABYTE = 1024 * 1024
# Whoever saves a page meanwhile comes first.
_AFTER_OTHERS = 10


def bound_itself(megabytes: int, seconds: int, most_written: int) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, megabytes * _MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def work() -> None:
    told = json.load(sys.stdin)
    bound_itself(**told["bounds"])
    os.nice(_AFTER_OTHERS)
    module, _colon, function = sys.argv[1].partition(":")
    answer = getattr(importlib.import_module(module), function)(**told["given"])
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    work()
