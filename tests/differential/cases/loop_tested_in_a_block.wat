;; The block is left from within the turn, and nothing stands behind the test in it.
(module
  (func (export "count") (param $n i32) (param $most i32) (result i32)
    (local $turns i32)
    (loop $again
      (block $out
        (if (i32.lt_u (local.get $turns) (local.get $n))
          (then
            (br_if $out (i32.ge_u (local.get $turns) (local.get $most)))
            (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
            (br $again))))
      (local.set $turns (i32.sub (i32.const 0) (local.get $turns))))
    (local.get $turns)))
