"""Runner of the official test suite: ``python -m tests.spec --suite DIR``."""
