"""What every app stands on: the content version, and what several ask.

    models          ContentVersion: the one number that every publication raises
    version         content version, memory, clock
    asking          asks other websites, without Django
    function_words  "och", "the" and the like, by which a language is known
    json_types      the type of what was read from JSON
    plain_files     opens what another process may have put there
    whole_numbers   numbers in what was sent

Asks no other app.

Offers `asking`, `function_words`, `json_types`, `models`, `plain_files`, `version`, `whole_numbers`.
"""
