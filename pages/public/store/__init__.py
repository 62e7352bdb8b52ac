"""The page store keeps whole answers in front of Django until published content changes.

    question      what an answer may depend on, read from the request before Django sees it
    answer        status, headers and body in three encodings, with its ETag
    kept_answers  the answers in the memory of this process, bounded
    watch         the content version in the database, known within a third of a second
    waiting       ends the waiting for a database that is gone
    keeping       how a view says that its answer may be kept
    wsgi          answers from memory, or lets one thread render while the others wait
    editions      every public page as a file, for nginx
    for_records   hands over to the records what plain readers met
    first_pages   which of them are written first
    turning       makes a new one current as soon as something changes
    refresh       what follows a change: writing the edition, purging caches in front of us

Nobody has to tell the store to forget: each change of published content draws a new content
version, and an answer is used only under the version that it was made under.

May ask `models`, `records`, `tree` and `version`. Asked by `reading`, `search`, `templatetags`, `changes`,
`management` and `urls`.
"""
