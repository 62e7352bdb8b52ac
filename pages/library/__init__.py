"""The media library's files: cleaning uploads, making renditions, writing `picture` elements.

`upload` and `drawn_filters` have pictures drawn in a process of its own (`apart`), by `drawing_job` and `pixels`.
Asks `apart` and `virus_scanner`. Asked by `references`, `blocks`, `models` and the rooms above them.
"""
