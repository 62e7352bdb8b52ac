"""Where pages lie and how they are listed: addresses, list entries, pages of a list.

May ask `version`. Asked by `references`, `blocks`, `models` and the rooms above them.
"""
