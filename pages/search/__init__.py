"""The search: for visitors (`view`), and for editors in the CMS (`backend`).

`index` writes entries, and `following` calls it when something changes. `query` reads what was
typed, with `words`, `vocabulary` and `thesaurus`. `ranking` asks the database for `tokens` through
`engine` and puts what it finds in order, the `fixed` pages too. `answers` makes the list of results,
with `excerpts`.

Asks `public` and the apps below it.

Offers `following`, `in_turn`, `index`, `models`, `view`.
"""
