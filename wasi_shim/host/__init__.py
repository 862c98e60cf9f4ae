"""What the host offers behind a file descriptor, independent of any version of WASI."""
