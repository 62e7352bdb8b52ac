"""`./sapo mutants MODULE`: what the tests notice when the code is changed a little.

mutmut's operators make the changes, one at a time: a comparison turned, an argument left out, a
text altered. Each changed module is tried in a process of its own, forked after Django, the tests
and the databases stand ready. A mutant that no test of the module notices has survived: a test is
lacking, or it changes nothing, and then `explained.toml` says why.

Not changed: what runs when the module is read (tables have tests of their own that take each entry
out in turn), annotations, docstrings, and texts for people: what is translated, logged, or said by
an exception in words.
"""
