"""The threat level and the important messages for other programs: Atom and JSON.

said      what has been said, one after the other, and which takes the place of which
atom      as feeds
as_json   as JSON, each with its schema
"""
