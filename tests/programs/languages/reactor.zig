//! A library: the host calls it; `_initialize` has nothing to run.
const std = @import("std");
const wasi = std.os.wasi;

var calls: i32 = 100;

export fn add(a: i32, b: i32) i32 {
    return a + b;
}

export fn count() i32 {
    calls += 1;
    return calls;
}

fn name(memory: []u8) []const u8 {
    var variables: [20][*:0]u8 = undefined;
    var number: usize = 0;
    var size: usize = 0;
    if (wasi.environ_sizes_get(&number, &size) != .SUCCESS or number > variables.len or size > memory.len) return "nobody";
    if (wasi.environ_get(&variables, memory.ptr) != .SUCCESS) return "nobody";
    for (variables[0..number]) |variable| {
        const text = std.mem.span(variable);
        if (std.mem.startsWith(u8, text, "NAME=")) return text[5..];
    }
    return "nobody";
}

export fn greet(times: i32) void {
    var memory: [1000]u8 = undefined;
    var line: [1000]u8 = undefined;
    const text = std.fmt.bufPrint(&line, "hello {s}\n", .{name(&memory)}) catch return;
    const pieces = [_]wasi.ciovec_t{.{ .base = text.ptr, .len = text.len }};
    var written: usize = 0;
    for (0..@intCast(times)) |_| _ = wasi.fd_write(1, &pieces, 1, &written);
}
