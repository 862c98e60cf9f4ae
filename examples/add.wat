;; add.wasm is this module in the binary format.
(module
  (func (export "add") (param $augend i32) (param $addend i32) (result i32)
    local.get $augend
    local.get $addend
    i32.add))
