"""What the registrar does with the records: shows, lists, seals, weeds and exports them.

    coming_in    a registrar meets the records in the CMS, and nothing else
    stockholm_time  the date and hour that somebody asks for, in the time of Stockholm
    shown_record  a record in words
    as_it_stood  what a recorded page names, taken from the records of the same moment
    frames       the recorded bytes, shut in
    own_approvals  what a page's approvals say where nobody may have got it
    since_before  the words that differ from the version before
    wacz         writes an export
    *_page       the pages of the CMS

Who asks is noted nowhere.
"""
