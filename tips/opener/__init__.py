"""What opens tips in a browser: the desk's program, and the one file for an isolated machine.

Here lies what builds them. The browser's sources, each above those it imports:

    offline     the one file       key       passkeys to ask for   desk      the open desk
    keys        opening one's key, coming in by it, who has which
    tip         one tip, its notes queue     the list of tips      form      the tipster's page, and sealing
    content     what was sealed    arrivals  the intake's numbers  age       the sealing itself
    trust       who is believed    views     what needs no key     page_parts, words
"""
