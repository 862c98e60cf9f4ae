;; A comparison with a NaN is false, and its opposite comparison is, too: conditions must not be turned around.
(module
  (func (export "if") (param f64 f64) (result i32)
    (if (f64.lt (local.get 0) (local.get 1)) (then) (else (return (i32.const 1))))
    (i32.const 2))
  (func (export "always_nan") (param f64) (result i32) (local i32)
    (block
      (br_if 0 (f64.ge (local.get 0) (f64.const nan)))
      (local.set 1 (i32.const 1))
      (br_if 0 (i32.eqz (f64.gt (local.get 0) (f64.const nan))))
      (local.set 1 (i32.const 2)))
    (local.get 1))
  (func (export "loop") (param f32) (result i32) (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (i32.const 1)))
      (br_if $again (i32.eqz (i32.or (f32.ne (local.get 0) (f32.const nan)) (i32.gt_u (local.get 1) (i32.const 9))))))
    (local.get 1)))
