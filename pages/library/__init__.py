"""The media library's files: cleaning uploads, making renditions, writing `picture` elements.

`upload` and `drawn_filters` have pictures drawn in a process of its own (`apart`), by `drawing_job` and `pixels`.
`cleaning` takes hidden data out of files; `virus_scanner` asks clamd; `models` has the files, with who made
them, who is seen in them, and what names them.

Asks `ground`.

Offers `alt_text`, `apart`, `cleaning`, `files`, `models`, `picture`, `pixels`, `public_storage`,
`renditions`, `upload`, `virus_scanner`.
"""
