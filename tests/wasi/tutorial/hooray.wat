;; Prints one line, by the interface of 2019.
(module
  (import "wasi_unstable" "fd_write"
    (func $fd_write (param $fd i32) (param $pieces i32) (param $count i32) (param $written i32) (result i32)))

  (memory (export "memory") 1)
  (data (i32.const 8) "Hooray it's WASI\n")

  (func (export "_start")
    ;; At 0 one piece to write: its address, and its length in bytes.
    (i32.store (i32.const 0) (i32.const 8))
    (i32.store (i32.const 4) (i32.const 17))
    (drop (call $fd_write
      (i32.const 1)     ;; standard output
      (i32.const 0)     ;; the pieces
      (i32.const 1)     ;; how many there are
      (i32.const 28)))) ;; where the number of bytes that were written goes: a multiple of 4
)
