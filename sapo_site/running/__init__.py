"""A process and how it is: its memory, its log, outages, and whether it could do its work."""
