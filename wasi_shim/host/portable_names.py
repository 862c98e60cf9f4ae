"""Names that mean the same thing on every host: what Windows takes for devices, streams and drives is none."""

from __future__ import annotations

import errno

from .descriptor import fail

_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [device + digit for device in ("COM", "LPT") for digit in "0123456789¹²³"]
)

_SPECIAL = frozenset('<>:"|?*\\/')


def check(name: bytes) -> str:
    """Return a bare name as text.

    :param name: a bare name in UTF-8; ``.`` is one
    :raises OSError: ``EPERM`` where it is the name of a device (with whatever extension, and whatever spaces before
        that), has a character with a meaning or a control character, or ends with a dot or space, which Windows drops
    """
    text = name.decode("utf-8", "surrogateescape")
    if text == ".":
        return text
    if (
        text.split(".")[0].rstrip(" ").upper() in _DEVICES
        or text[-1:] in (".", " ")
        or any(character in _SPECIAL or character < " " for character in text)
    ):
        fail(errno.EPERM)
    return text
