"""Validation (spec, chapter 3 and the appendix on the validation algorithm)."""
