"""What the pages say: built-in texts, editors' approved texts, and what no text may promise.

Asks `exchange` for the approved texts. Asked by `form`, `handling`, `desk`, the commands, the CMS.
"""
