# Gives a new thread its stack and its thread-local variables, then goes on in C.
	.text
	.export_name	wasi_thread_start, wasi_thread_start
	.globaltype	__stack_pointer, i32
	.globaltype	__tls_base, i32
	.functype	thread_main (i32, i32) -> ()
	.functype	__wasm_init_tls (i32) -> ()
	.globl	wasi_thread_start
	.type	wasi_thread_start,@function
wasi_thread_start:
	.functype	wasi_thread_start (i32, i32) -> ()
	local.get	1
	i32.load	0
	global.set	__stack_pointer
	local.get	1
	i32.load	4
	call	__wasm_init_tls
	local.get	0
	local.get	1
	call	thread_main
	end_function
