"""What every command raises when it was given something that it cannot work with."""


class InputError(Exception):
    """Bad input: one sentence that says what, where, and what is allowed."""
