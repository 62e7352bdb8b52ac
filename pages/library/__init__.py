"""The media library's files: cleaning uploads, making renditions, writing `picture` elements.

Asks no other room. Asked by `references`, `blocks`, `models` and the rooms above them.
"""
