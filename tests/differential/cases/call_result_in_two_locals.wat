;; local.tee of a local.tee of a call's result: both locals get it, and so with the rounded result of an f32 operation.
(module
  (func $two (param f64) (result f64) (f64.add (local.get 0) (f64.const 2)))
  (func (export "call") (param f64) (result f64) (local $a f64) (local $b f64)
    (local.set $a (local.tee $b (call $two (local.get 0))))
    (f64.mul (local.get $a) (local.get $b)))
  (func (export "round") (param f32) (result f32) (local $a f32) (local $b f32)
    (local.set $a (local.tee $b (f32.add (local.get 0) (f32.const 2))))
    (f32.mul (local.get $a) (local.get $b))))
