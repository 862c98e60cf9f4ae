//! Threads of Zig's standard library: counters, a spinning lock, results by join, and many threads after one another.
const std = @import("std");
const wasi = std.os.wasi;

// The default prints a trace, for which this version of the library has no memory where there are threads.
pub const panic = std.debug.no_panic;

var counter = std.atomic.Value(u32).init(0);
var locked = std.atomic.Value(bool).init(false);
var started = std.atomic.Value(u32).init(0);
var sum: u64 = 0;
// The library aligns within what it allocates, but not that itself.
var storage: [16 << 20]u8 align(64) = undefined;

fn work(number: u32, turns: u32, weight: u64) void {
    // The library forgets that a thread has ended where it does so before `spawn` returns.
    while (started.load(.seq_cst) < number) std.atomic.spinLoopHint();
    for (0..turns) |turn| {
        _ = counter.fetchAdd(1, .seq_cst);
        while (locked.swap(true, .acquire)) std.atomic.spinLoopHint();
        sum += weight * turn;
        locked.store(false, .release);
    }
}

fn say(comptime format: []const u8, values: anytype) void {
    var buffer: [100]u8 = undefined;
    const text = std.fmt.bufPrint(&buffer, format, values) catch unreachable;
    const pieces = [_]wasi.ciovec_t{.{ .base = text.ptr, .len = text.len }};
    var written: usize = 0;
    _ = wasi.fd_write(1, &pieces, 1, &written);
}

pub fn main() u8 {
    var room = std.heap.FixedBufferAllocator.init(&storage);
    const allocator = room.threadSafeAllocator();
    const config: std.Thread.SpawnConfig = .{ .allocator = allocator, .stack_size = 64 << 10 };
    var threads: [4]std.Thread = undefined;
    for (&threads, 1..) |*thread, number| {
        const weight: u64 = number;
        thread.* = std.Thread.spawn(config, work, .{ @as(u32, number), 200, weight }) catch return 1;
    }
    started.store(threads.len, .seq_cst);
    for (threads) |thread| thread.join();
    say("{d} turns, sum {d}\n", .{ counter.load(.seq_cst), sum });
    for (threads.len + 1..25) |number| {
        const thread = std.Thread.spawn(config, work, .{ @as(u32, number), 1, 0 }) catch return 2;
        started.store(@intCast(number), .seq_cst);
        thread.join();
    }
    say("{d} turns\n", .{counter.load(.seq_cst)});
    return 4;
}
