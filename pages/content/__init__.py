"""What there is to read: page types, blocks, registers, and the tree that they stand in.

    models        page types, and what editors keep beside them
    blocks        what editors put into a page, and `fields` of them
    references    what blocks name, one query a kind
    tree          addresses, list entries, long lists
    twins         what a page is in easy Swedish and in other languages
    publishing    what must be right before a page is public, when it changed, who may what

Asks `library` and `ground`.

Offers `blocks`, `fields`, `models`, `publishing`, `references`, `tree`, `twins`.
"""
