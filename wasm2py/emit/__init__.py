"""IR to Python source text."""
