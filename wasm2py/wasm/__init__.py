"""What Wasm is: the opcode table, types, the module as data, implementation limits.  No behaviour."""
