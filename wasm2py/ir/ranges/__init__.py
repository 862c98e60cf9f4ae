"""What integers may be: an interval for each variable on each path, from which it follows which wraps are needed."""
