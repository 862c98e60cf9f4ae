"""Programs in C, C++ and Go, compiled to WebAssembly and run both under wasmtime and as Python."""
