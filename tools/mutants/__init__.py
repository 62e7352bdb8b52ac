"""`./sapo mutants MODULE`: whether the tests notice small changes of the code.

mutmut's operators make the changes in Python, StrykerJS's those in what browsers run, one at a
time: a comparison turned, an argument left out, a text altered. Each mutant runs in a process of its own, forked when Django, the tests and the
databases are ready. A mutant that no test of the module notices has survived. Then a test is
missing, or the change has no effect, and `explained.toml` says why.

Not changed: Python that runs on import (tests of the tables take out each entry in turn),
annotations, docstrings, and texts for people: translated, logged, or in an exception.
"""
