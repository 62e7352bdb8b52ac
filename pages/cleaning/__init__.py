"""Takes hidden data out of uploaded files, or says where it stands.

`cleaned_files.cleaned` hands a file to a process of its own, `child`, which knows each kind of file
(`kinds`) and answers in words that `sentences` puts into Swedish. There, `pdf` with `covered_text`,
`ooxml`, `opendocument`, `films`, `texts` and `archives` clean. Asks no other room. Asked by `models`
and the rooms above. Imports nothing here, since the child does without Django.
"""
