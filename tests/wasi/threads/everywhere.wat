;; Ends while one thread is in each of the places that a thread can be in: each loops for ever.

(module
  (import "env" "memory" (memory 1 4 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (export "memory" (memory 0))
  (func $plain (loop $again
    (i32.store (i32.const 128) (i32.add (i32.load (i32.const 128)) (i32.const 1))) (br $again)))
  (func $atomic (loop $again
    (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1))) (br $again)))
  (func $step (param i32) (result i32)
    (i32.add (local.get 0) (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
  (func $notify (loop $again
    (drop (call $step (i32.const 1))) (drop (memory.atomic.notify (i32.const 32) (i32.const 1))) (br $again)))
  (func $wait (loop $again
    (drop (memory.atomic.wait32 (i32.const 32) (i32.const 0) (i64.const 100_000))) (br $again)))
  (func $call (loop $again
    (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 256))) (drop (call $yield)) (br $again)))
  (func $start (loop $again ;; threads that end at once
    (drop (call $spawn (i32.const 6)))
    (drop (memory.atomic.wait32 (i32.const 40) (i32.const 0) (i64.const 100_000))) (br $again)))
  (table funcref (elem $plain $atomic $notify $wait $call $start $nothing))
  (type $function (func))
  (func $nothing)
  (func (export "wasi_thread_start") (param i32 i32)
    (call_indirect (type $function) (local.get 1)))
  (func (export "_start") (local $place i32)
    (loop $again
      (drop (call $spawn (local.get $place)))
      (br_if $again (i32.lt_u (local.tee $place (i32.add (local.get $place) (i32.const 1))) (i32.const 6))))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 3_000_000)))
    (call $exit (i32.const 5))))
