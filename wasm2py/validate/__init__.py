"""Validation (spec, chapter 3): nothing that these functions pass can confuse the stages behind them."""

from __future__ import annotations

from wasm2py.validate.context import Context
from wasm2py.validate.function import validate_function
from wasm2py.validate.module import validate_module

__all__ = ["Context", "validate_function", "validate_module"]
