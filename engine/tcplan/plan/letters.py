"""Which letters no text of a plan may hold."""

import unicodedata


def forbidden(letter: str) -> bool:
    """Return whether a letter is a control, half a letter, or one that XML and so a workbook cannot hold."""
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in "\ufffe\uffff"
