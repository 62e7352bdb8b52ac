"""The page store: whole answers, in front of everything, for as long as nothing has changed.

    question   what an answer may depend on, read off the request before Django sees it
    answer     status, headers and body in three encodings, with its ETag
    memory     the answers that this process keeps, bounded
    watch      which content version is the one in the database, known within a third of a second
    keeping    what a view says of an answer that may be kept
    wsgi       asks the memory, or lets one render while others wait or get the last answer
    edition    every public page as a file, for nginx
    refresh    what follows a change: the edition, and caches in front of us

Nothing is told to forget, and nothing is guessed: whatever changes published content draws a new
content version, and an answer is used only under the version that it was made under.
"""
