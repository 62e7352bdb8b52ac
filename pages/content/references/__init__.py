"""The pages, images and files that stored blocks name, fetched in one query a kind.

May ask `library`, `tree` and `version`. Asked by `blocks`, `models` and the rooms above them.
"""
