"""Keeps sealed copies of all that the site knows, and makes a site of them again (0073).

    keeping     takes the pieces in and thins them, on the machine that keeps them; needs nothing else of ours
    machine     where everything lies, and who may open what
    pieces      a piece: a sealed stream with a name
    walks       which files have changed, and archives of files
    wal         PostgreSQL's log: what of it the keeper has confirmed, and the rest
    sending     sends everything each night, and what is new every second
    standing    how far all is confirmed
    choosing    which pieces make a moment, and which are missing
    server      a PostgreSQL of its own, that a backup is restored in
    restoring   restores what was chosen, on an empty machine
    rehearsing  restores in a folder, compares, and throws away

Without Django: `deploy/manage backup` and `deploy/manage restore`, as root.
"""
