"""What every app stands on: the content version, and what several ask.

    models          ContentVersion: the one number that every publication raises
    version         content version, memory, clock
    asking          asks other websites, without Django
    plain_files     opens what another process may have put there
    whole_numbers   numbers in what was sent

Asks no other app.

Offers `asking`, `models`, `plain_files`, `version`, `whole_numbers`.
"""
