"""Reads HTML: files of its own, and what Word is turned into on its way.

`soup` finds the article in a page and takes out what nobody sees; `plainly` rewrites what has tags of its own. `reader` goes through its blocks;
`inline`, `lists` and `grid` read a line, a list and a table for it. `markup` knows the tags.
"""

from .inline import OpenPicture
from .reader import read_html
