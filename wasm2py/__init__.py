"""wasm2py: an ahead-of-time transpiler from WebAssembly to Python."""
