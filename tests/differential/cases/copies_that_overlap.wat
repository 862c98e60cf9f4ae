;; Copies of a part of memory onto itself: strides that differ, and turns that go backwards inside.
(module
 (memory (export "memory") 1) (data (i32.const 256) "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
 (func (export "strides") (param i32) (local i32 i32)
  (local.set 1 (i32.const 256)) (local.set 2 (i32.const 248)) (local.set 0 (i32.const 24))
  (loop
   (i32.store (local.get 2) (i32.load (local.get 1)))
   (local.set 2 (i32.add (local.get 2) (i32.const 16)))
   (local.set 1 (i32.add (local.get 1) (i32.const 8)))
   (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
 (func (export "backwards") (param i32) (local i32 i32)
  (local.set 1 (i32.const 256)) (local.set 2 (i32.const 255)) (local.set 0 (i32.const 15))
  (loop
   (i32.store8 offset=3 (local.get 2) (i32.load8_u offset=3 (local.get 1)))
   (i32.store8 offset=2 (local.get 2) (i32.load8_u offset=2 (local.get 1)))
   (i32.store8 offset=1 (local.get 2) (i32.load8_u offset=1 (local.get 1)))
   (i32.store8 (local.get 2) (i32.load8_u (local.get 1)))
   (local.set 2 (i32.add (local.get 2) (i32.const 4)))
   (local.set 1 (i32.add (local.get 1) (i32.const 4)))
   (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
