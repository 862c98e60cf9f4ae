;; A pointer that steps over the end of the address space becomes an index of 8 bytes each, which has 29 bits only.
(module
 (memory (export "memory") 1) (data (i32.const 0) "\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\03")
 (func $odd (export "odd") (param $start i32) (param $turns i32) (result i64) (local $p i32) (local $sum i64)
  (local.set $p (i32.shl (local.get $start) (i32.const 3)))
  (loop $again
   (if (i32.and (local.get $turns) (i32.const 1))
    (then (local.set $sum (i64.add (local.get $sum) (i64.load (local.get $p))))))
   (local.set $p (i32.add (local.get $p) (i32.const 8)))
   (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
  (local.get $sum))
 (func (export "over_the_end") (result i64) (call $odd (i32.const 0x1fffffff) (i32.const 4))))
