"""The threat level and the important messages for other programs: Atom, JSON and CAP 1.2.

said      what has been said, one after the other, and which takes the place of which
atom      as feeds
as_json   as JSON, each with its schema
cap       as alerts of the Common Alerting Protocol
"""
