"""Timings of the single idioms that design decisions rest on; standard library only, for any interpreter."""
