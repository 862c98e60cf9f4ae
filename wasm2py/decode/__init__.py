"""The binary format (spec, chapter 5): bytes to :class:`wasm2py.wasm.module.Module`."""
