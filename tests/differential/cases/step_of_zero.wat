;; A loop whose step adds nothing: not one that Python's range can count.
(module
 (memory (export "memory") 1)
 (func (export "f") (param i32) (result i32) (local i32 i32)
  (loop
   (local.set 1 (i32.add (local.get 1) (i32.const 0)))
   (i32.store8 (local.get 1) (local.get 0))
   (local.set 2 (i32.add (local.get 2) (local.get 1)))
   (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (i32.add (local.get 1) (local.get 2))))
