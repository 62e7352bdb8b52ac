"""The newsroom: two persons have confirmed exactly what is public, and nothing public is lost.

`rule` answers, `gate` acts, `guard` refuses what came by another way. May ask `models` and the
rooms below it.
"""
