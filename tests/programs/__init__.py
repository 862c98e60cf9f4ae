"""Programs in C, C++, Zig, Go and Rust, compiled to WebAssembly and run both under wasmtime and as Python."""
