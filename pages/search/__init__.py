"""The search: for visitors (`view`), and for editors in the CMS (`backend`).

`index` writes entries, and `following` calls it when something changes. `query` reads what was
typed, with `words`, `vocabulary` and `thesaurus`. `engine` asks the database for `tokens`, and
`answers` puts the list of results together, with `excerpts`, and with the `fixed` pages first.

May ask `reading` and the rooms below it. Asked by `changes`, `management`, `urls` and
`wagtail_hooks`.
"""
