"""The newsroom: two persons have confirmed exactly what is public, and nothing public is lost.

`rule` answers, `gate` acts, `guard` refuses what came by another way; `models` is what they write.
`desk` has the newsroom's pages in the CMS, `editing` the other screens of editors.

Asks `importing`, `checks`, `comparing`, `content`, `library` and `ground`.

Offers `account_changes`, `acting`, `acts`, `before_the_rule`, `closed_accounts`, `companions`,
`desk`, `digest`, `due`, `editing`, `gate`, `guard`, `happenings`, `keeping_public`, `mails`,
`models`, `moments`, `persons`, `reasons`, `served_files`, `stopping`, `submissions`, `withdrawals`.
"""
