//! Shows what it is given, reads and writes files, and ends with the number of its arguments.
const std = @import("std");

fn before(_: void, a: []const u8, b: []const u8) bool {
    return std.mem.lessThan(u8, a, b);
}

pub fn main(init: std.process.Init) !u8 {
    const io = init.io;
    const memory = init.arena.allocator();
    var buffer: [100]u8 = undefined;
    var stdout = std.Io.File.stdout().writer(io, &buffer);
    const out = &stdout.interface;
    const args = try init.minimal.args.toSlice(memory);
    for (args[1..]) |argument| try out.print("argument: {s}\n", .{argument});
    try out.print("greeting: {s}\n", .{init.environ_map.get("GREETING") orelse "none"});
    var stdin = std.Io.File.stdin().reader(io, &.{});
    const input = try stdin.interface.allocRemaining(memory, .unlimited);
    try out.print("input: {d} bytes\n", .{input.len});
    const here = std.Io.Dir.cwd();
    const contents = here.readFileAlloc(io, "input.txt", memory, .unlimited) catch "none";
    try out.print("file: {s}\n", .{contents});

    var lines: std.ArrayList([]const u8) = .empty;
    if (here.openDir(io, "folder", .{ .iterate = true })) |opened| {
        var folder = opened;
        defer folder.close(io);
        var entries = folder.iterate();
        while (try entries.next(io)) |entry| {
            const found = try folder.statFile(io, entry.name, .{});
            try lines.append(memory, try std.fmt.allocPrint(memory, "{s}: {d} bytes", .{ entry.name, found.size }));
        }
    } else |_| {}
    std.mem.sort([]const u8, lines.items, {}, before);
    for (lines.items) |line| try out.print("{s}\n", .{line});
    here.writeFile(io, .{ .sub_path = "output.txt", .data = "written by the program" }) catch {};
    try out.flush();
    std.debug.print("done\n", .{});
    return @intCast(args.len - 1);
}
