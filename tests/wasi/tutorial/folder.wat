;; Makes the directory whose path is at 100, in the first directory that was granted; PATH and LENGTH are filled in.
;; It ends with the errno as its status.
(module
  (import "wasi_unstable" "path_create_directory"
    (func $path_create_directory (param $fd i32) (param $path i32) (param $length i32) (result i32)))
  (import "wasi_unstable" "proc_exit" (func $proc_exit (param $status i32)))

  (memory (export "memory") 1)
  (data (i32.const 100) "PATH")

  (func (export "_start")
    (call $proc_exit (call $path_create_directory (i32.const 3) (i32.const 100) (i32.const LENGTH))))
)
