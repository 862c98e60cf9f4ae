;; A function that begins with a loop, which carries a vector that nothing has been assigned to before.
(module
 (memory (export "memory") 1) (data (i32.const 0) "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
 (func $f (export "f") (param i32) (result i32) (local i32 v128)
  (loop
   (local.set 2 (i32x4.add (local.get 2) (v128.load (local.get 1))))
   (local.set 1 (i32.add (local.get 1) (i32.const 16)))
   (br_if 0 (i32.lt_u (local.get 1) (i32.and (local.get 0) (i32.const 0xfff)))))
  (i32.add (i32x4.extract_lane 0 (local.get 2)) (i32x4.extract_lane 3 (local.get 2))))
 (func (export "g") (param i32 i32) (result i32)
  (i32.add (call $f (local.get 0)) (call $f (local.get 1)))))
