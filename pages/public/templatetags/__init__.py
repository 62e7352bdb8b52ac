"""The tags by which templates ask the rooms below.

May ask `frame`, `reading`, `store`, `models` and the rooms below them. Asked by templates only.
"""
