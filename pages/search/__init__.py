"""The search: of visitors (`view`), and of editors in the CMS (`backend`).

`index` writes entries and `keeping` sees to it that it does. `query` reads what was typed, with
`words`, `vocabulary` and `thesaurus`, and asks `engine` in the language of `tokens`; `answers`
puts together what a list shows, with `excerpts`.
"""
