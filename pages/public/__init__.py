"""What readers meet: the views, what stands around each page, and the answers that are kept.

    reading         the views of visitors, feeds, what other programs read
    frame           what stands around every page: menu, breadcrumbs, footer, notices
    templatetags    what templates ask
    store           whole answers, kept

Asks `records`, to which it hands what was answered, `content`, `library` and `ground`.

Offers `frame`, `reading`, `store`.
"""
