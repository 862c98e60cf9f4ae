"""Results of slow steps, kept in the repository's git-ignored ``.cache`` folder, by the hash of all that goes in."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache"


def digest(*parts: bytes | str) -> str:
    """A hash of the parts; their boundaries count."""
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8, "little"))
        hashed.update(data)
    return hashed.hexdigest()


def cached(folder: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes of ``folder / name``, made on first use; parallel runs may make them twice, but never see half."""
    path = folder / name
    with suppress(FileNotFoundError):
        return path.read_bytes()
    made = make()
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(made)
    os.replace(temporary, path)
    return made
