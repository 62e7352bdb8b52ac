# -*- coding: utf-8 -*-
"""Finds a Python that is new enough.

Any Python since 2.7 can read it, so that an old one can find a newer: no f-strings, no annotations,
nothing after `*args` in a call.
"""

from __future__ import print_function

import glob
import os
import re
import subprocess
import sys

MINIMUM = (3, 11)  # what requirements.txt is resolved for


def find_python(minimum):
    """The first Python found that runs, is new enough and can make environments, or None.

    It runs each: a version manager's shim may exist without a Python behind it.
    """
    # Asks for the base: the Python found may lie in an environment that is about to be rebuilt.
    question = (
        "import sys, venv, ensurepip; print(getattr(sys, '_base_executable', sys.executable)); "
        "sys.exit(sys.version_info < (%d, %d))" % minimum
    )
    chosen = os.environ.get("SAPO_PYTHON")
    for candidate in python_candidates():
        answer = ask_python(candidate, question)
        if answer:
            return answer
        if candidate == chosen:
            print("SAPO_PYTHON=%s duger inte, letar vidare." % chosen, file=sys.stderr)
    return None


def python_candidates():
    """Where a Python may be, the likeliest first."""
    if os.environ.get("SAPO_PYTHON"):
        yield os.environ["SAPO_PYTHON"]
    yield sys.executable
    names = ["python3.14", "python3.13", "python3.12", "python3.11", "python3"]
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    for name in names:
        for folder in folders:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                yield path
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
    for pattern in (
        "/usr/bin/python3*",
        "/usr/local/bin/python3*",
        os.path.join(pyenv, "versions", "*", "bin", "python"),
    ):
        paths = glob.glob(pattern)
        # Newest first: 3.9 sorts after 3.13 as text.
        paths.sort(key=lambda path: [int(digits) for digits in re.findall("[0-9]+", path)])
        for path in reversed(paths):
            if not path.endswith("-config"):
                yield path


def ask_python(python, question):
    """What the Python prints, or None when it does not run or ends in failure."""
    nowhere = open(os.devnull, "r+")
    try:
        process = subprocess.Popen(
            [python, "-c", question], stdin=nowhere, stdout=subprocess.PIPE, stderr=nowhere
        )
        answer = process.communicate()[0].decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return None
    finally:
        nowhere.close()
    return answer if process.returncode == 0 else None


def no_python(minimum):
    """One line about what is lacking."""
    return (
        "Ingen Python %d.%d eller nyare med venv går att köra här. Installera en "
        "(på Debian: apt-get install python3-venv) eller peka ut den med SAPO_PYTHON." % minimum
    )
