"""What was public, kept so that it can be shown again as readers met it (0068).

    handing     hands over what a process has answered; nobody who is answered waits
    spool       the files in which it lies until the job takes it
    answered    what a reader met
    filing      the job: takes the spool, names what is missing, asks for what nobody has got
    told_versions  which versions the spool tells of, and when each began
    renderings  files what was met at an address, told by what was met before
    entries     how a record stands in the head of a pack
    packs       heads that are chained by their hashes, and bodies told by one another
    lookup      finds records; made anew from the packs
    kept        asks the records: how a page looked at a moment, what changed, what stood
    orders      sealing and weeding, as they are decided
    weeding     carries them out
    verifying   names the first record that is not as it was filed
    naming      which files a rendering names

Asks no other room. Asked by `store`, `newsdesk` and `management`.
"""
