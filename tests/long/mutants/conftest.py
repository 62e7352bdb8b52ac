"""Where mutmut is not installed, as beside the next versions of the frameworks, nothing is tried."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("mutmut") else ["test_mutants.py"]
