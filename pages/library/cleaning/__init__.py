"""Takes hidden data out of uploaded files, or says where it stands.

`cleaned_files.cleaned` has a file cleaned in a process of its own (`apart`). There, `cleaning_job` knows each
kind of file (`kinds`) and answers in words that `sentences` puts into Swedish: `pdf` with `covered_text`,
`ooxml` by `office_rules`, `films` and `texts` clean. Asks `apart` and `virus_scanner`. Asked by `models`
and the rooms above. Imports nothing here, since the child does without Django.
"""
