"""The one exception for expected failures."""


class UserError(Exception):
    """Bad input: the message says what was wrong, where, and what to do. The CLI prints it and exits with 2."""
