#!/usr/bin/env node
// Pyodide as an interpreter for `--interpreter`: `pyodide.mjs -m MODULE ARG…` or `pyodide.mjs -c CODE ARG…`.
// It sees the files of the host.  `npm install pyodide` in the folder that it is started from, or above.
import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const [kind, what, ...rest] = process.argv.slice(2);
if (!["-m", "-c"].includes(kind) || what === undefined) {
  console.error("usage: pyodide.mjs (-m MODULE | -c CODE) [ARG…]");
  process.exit(2);
}
const { loadPyodide } = createRequire(join(process.cwd(), "-"))("pyodide");
const python = await loadPyodide({ env: { HOME: "/", PYTHONDONTWRITEBYTECODE: "1" } });
const own = ["dev", "lib", "proc", "sys"]; // devices, and the library
for (const name of readdirSync("/").filter((name) => !own.includes(name))) {
  python.FS.mkdirTree("/" + name);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: "/" + name }, "/" + name);
}
const to = (stream) => ({ write: (bytes) => (stream.write(Buffer.from(bytes)), bytes.length) });
python.setStdout(to(process.stdout));
python.setStderr(to(process.stderr));
const run = python.runPython(`
def run(path, kind, what, arguments):
    import runpy, sys, traceback
    sys.path[:0] = path
    sys.argv = [kind, *arguments]
    try:
        if kind == "-c":
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
        else:
            runpy.run_module(what, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
run
`);
const path = (process.env.PYTHONPATH ?? "").split(":").filter(Boolean); // after the mounts, or it is found empty
process.exitCode = run(python.toPy(path), kind, what, python.toPy(rest));
