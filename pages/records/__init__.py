"""What was public, kept so that it can be shown again as readers met it (0069).

    handing     hands over what a process has answered; nobody who is answered waits
    spool       the files in which it lies until the job takes it
    answered    what a reader met
    filing      the job: takes the spool, names what is missing, asks for what nobody has got
    packs       the log, chained by hashes, and the bodies that it tells of
    lookup      finds what the log tells; made anew from it
    kept        asks the records: how a page looked at a moment, what changed, what stood
    orders      sealing and weeding, as they are decided and carried out
    sheets      signs sums of what was filed, for everybody; `told_versions` reads what it tells
    verifying   names each record that is not as it was filed
    naming      which files a rendering names
    restored    names what readers had met, and a restore took away

`registrar` has the registrar's pages.

Asks `newsroom`, for persons and reasons, and the apps below it.

Offers `answered`, `filing`, `handing`, `kept`, `lookup`, `naming`, `packs`, `registrar`,
`restored`, `sheets`, `told_versions`.
"""
