//! A library: the host calls it.
use std::sync::atomic::{AtomicI32, Ordering};

static CALLS: AtomicI32 = AtomicI32::new(100);

#[no_mangle]
pub extern "C" fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

#[no_mangle]
pub extern "C" fn count() -> i32 {
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

#[no_mangle]
pub extern "C" fn greet(times: i32) {
    let name = std::env::var("NAME").unwrap_or_else(|_| "nobody".into());
    for _ in 0..times {
        println!("hello {name}");
    }
}
