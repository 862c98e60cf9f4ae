"""Loops that count: how they are found, and what they become (:mod:`.counted_loops`, :mod:`.wide_vectors`)."""
