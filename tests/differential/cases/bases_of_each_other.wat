;; Pointers in loops, each a sum of another one.
(module
 (memory (export "memory") 1) (data (i32.const 256) "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
 (func $f (export "f") (param i32) (result i32) (local i32 i32 i32)
  (local.set 0 (i32.add (i32.and (local.get 0) (i32.const 7)) (i32.const 1)))
  (local.set 1 (i32.const 256))
  (loop
   (local.set 2 (i32.add (local.get 1) (i32.shl (local.get 0) (i32.const 2))))
   (local.set 3 (i32.add (local.get 3) (i32.load (local.get 2))))
   (local.set 3 (i32.xor (local.get 3) (i32.load offset=4 (local.get 2))))
   (local.set 1 (i32.add (local.get 2) (i32.shl (local.get 0) (i32.const 3))))
   (i32.store (local.get 1) (i32.add (local.get 3) (i32.load offset=8 (local.get 1))))
   (i32.store offset=4 (local.get 1) (i32.add (local.get 3) (i32.load offset=12 (local.get 1))))
   (br_if 0 (i32.lt_u (local.get 1) (i32.const 2000))))
  (local.get 3))
 (func (export "g") (param i32 i32) (result i32)
  (i32.add (call $f (local.get 0)) (call $f (local.get 1)))))
