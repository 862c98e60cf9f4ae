;; A variable that only its own assignment reads, which may trap: the one before the loop is needed.
(module
 (func (export "rest") (param i32) (result i32) (local i32)
  (local.set 1 (i32.const 7))
  (loop
   (local.set 1 (i32.rem_s (local.get 1) (local.get 0)))
   (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (i32.const 3))
 (func (export "turn") (param i32) (result i32) (local i32)
  (loop
   (local.set 1 (i32.rotl (local.get 0) (local.get 1)))
   (br_if 0 (local.tee 0 (i32.shr_u (local.get 0) (i32.const 1)))))
  (i32.const 3)))
