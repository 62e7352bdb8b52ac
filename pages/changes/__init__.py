"""What follows when content changes: content version, search index, renditions, withdrawals.

`connecting` lists who hears of which signal. May ask every room below it. Asked by `apps`, and by the
demo, which makes its renditions later.
"""
