"""The checks before publishing: what an editor should see before something goes before the readers.

`running.run_checks` asks every check about the content of one object; `findings` is what they answer with.
`models` keeps what is remembered of links, and the phrases that editors look for.

Asks `content`, `library` and `ground`.

Offers `findings`, `met`, `models`, `nightly_links`, `running`, `walking`.
"""
