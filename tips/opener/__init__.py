"""What opens tips in a browser: the desk's program, and the one file for an isolated machine.

Here lie what builds them and the pages of the login. The browser's sources, each above those it imports:

    offline     the one file       desk      the open desk         keys      opening one's key, who has which
    tip         one tip, its notes queue     the list of tips      form      the tipster's page, and sealing
    content     what was sealed    arrivals  the intake's numbers  age       the sealing itself
    trust       who is believed    views     what needs no key     page_parts, words
"""
