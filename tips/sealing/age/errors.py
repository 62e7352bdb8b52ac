"""What can be wrong with a sealed file or a key. No message holds content or a private key."""


class AgeError(ValueError):
    """A sealed file or a key cannot be used."""


class WrongKey(AgeError):
    """The file is whole as far as can be seen, but sealed to somebody else."""


class Damaged(AgeError):
    """The file is not what was sealed: changed, cut off, or never an age file."""


class BadKey(AgeError):
    """A key or a passphrase that cannot be used, or keys that cannot be used together."""
