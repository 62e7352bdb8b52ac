"""Reads Word documents, by way of HTML.

`package` unpacks the file and packs the parts of an article anew, without properties, macros,
embedded files and whatever else may lie in it. `unsettled` refuses what its author does not see.
`simplify` makes the styles say what they mean, with `field_codes`, and with `numbering`, which
counts what Word only counts on the screen. Only then does mammoth see the document, in `convert`.
`nodes` and `styles` read Word's XML for them.
"""

from .convert import read_word
