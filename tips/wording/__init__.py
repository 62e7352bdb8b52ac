"""What the form's pages say: built-in texts, editors' texts, and what no text may promise.

Asks `exchange` for the editors' texts. Asked by `form`, the commands, and the editors' pages.
"""
