"""The intermediate representation: a structured tree over mathematical integers."""
