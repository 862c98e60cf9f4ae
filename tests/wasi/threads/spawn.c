/* wasi-threads' one function, as C libraries with threads declare it. */
#include <stdint.h>

__attribute__((__import_module__("wasi"), __import_name__("thread-spawn"))) int32_t imported_thread_spawn(void *);

int32_t __wasi_thread_spawn(void *start) { return imported_thread_spawn(start); }
