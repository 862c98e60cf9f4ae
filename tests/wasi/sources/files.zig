//! Uses preview 1 from Zig's standard library, without a C library.
const std = @import("std");
const wasi = std.os.wasi;

fn say(text: []const u8) void {
    var written: usize = 0;
    const pieces = [_]wasi.ciovec_t{.{ .base = text.ptr, .len = text.len }};
    _ = wasi.fd_write(1, &pieces, 1, &written);
}

fn show(what: []const u8, result: wasi.errno_t) void {
    say(what);
    say(": ");
    say(@tagName(result));
    say("\n");
}

pub fn main() u8 {
    const root: wasi.fd_t = 3;
    show("mkdir", wasi.path_create_directory(root, "zig", 3));
    show("mkdir again", wasi.path_create_directory(root, "zig", 3));
    show("mkdir outside", wasi.path_create_directory(root, "../zig", 6));
    var fd: wasi.fd_t = -1;
    const rights: wasi.rights_t = .{ .FD_READ = true, .FD_WRITE = true, .FD_SEEK = true };
    show("open", wasi.path_open(root, .{}, "zig/file", 8, .{ .CREAT = true }, rights, .{}, .{}, &fd));
    var count: usize = 0;
    const out = [_]wasi.ciovec_t{ .{ .base = "from ", .len = 5 }, .{ .base = "Zig", .len = 3 } };
    var written: usize = 0;
    while (written < 8) : (written += count) {
        const rest = [_]wasi.ciovec_t{if (written < 5)
            .{ .base = out[0].base + written, .len = 5 - written }
        else
            .{ .base = out[1].base + (written - 5), .len = 8 - written }};
        show("write", wasi.fd_write(fd, &rest, 1, &count));
    }
    var buffer: [20]u8 = undefined;
    const in = [_]wasi.iovec_t{.{ .base = &buffer, .len = buffer.len }};
    show("read", wasi.fd_pread(fd, &in, 1, 2, &count));
    say(buffer[0..count]);
    say("\n");
    var found: wasi.filestat_t = undefined;
    show("stat", wasi.fd_filestat_get(fd, &found));
    show("close", wasi.fd_close(fd));
    show("close again", wasi.fd_close(fd));
    show("link", wasi.path_symlink("zig/file", 8, root, "link", 4));
    return @intCast(found.size);
}
