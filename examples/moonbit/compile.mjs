// Compile a MoonBit program to a module with garbage-collected objects: node compile.mjs PROGRAM.mbt OUT.wasm EXPORT…
//
// The npm package @moonbit/moonpad-monaco is MoonBit's playground.  It has the compiler, as a web worker, and the sources
// of the standard library, as base64 strings in a script.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import vm from "node:vm";

const TARGET = "wasm-gc";
const LIBRARY = "moonbitlang/core";
const PLACE = "moonbit-core:";
const NEEDED = ["debug", "prelude"]; // debug first: the library's own tests mention it

/** The compiler as a function of the name of a step and its parameters; the worker speaks the protocol of comlink. */
function startCompiler(path) {
  let listen, answer;
  const worker = Object.assign(Object.create(globalThis), {
    addEventListener: (_, listener) => (listen = listener),
    postMessage: (message) => answer(message),
  });
  const script = `(function (globalThis, self, require) {${readFileSync(path, "utf8")}\n})`;
  vm.runInThisContext(script)(worker, worker, createRequire(import.meta.url));
  return async (step, parameters) => {
    const argumentList = [{ type: "RAW", value: parameters }];
    const message = await new Promise((resolve) => {
      answer = resolve;
      listen({ data: { id: step, type: "APPLY", path: [step], argumentList } });
    });
    if (message.type !== "RAW") throw new Error(`${step}: ${JSON.stringify(message.value)}`);
    return message.value;
  };
}

/** The files of the standard library by their path. */
function libraryFiles(path) {
  const script = readFileSync(path, "utf8");
  const texts = new Map();
  for (const [, name, text] of script.matchAll(/[ ,]([\w$]+) = [\w$]+\("([A-Za-z0-9+/]+=*)"/g)) texts.set(name, text);
  const files = new Map();
  for (const [, path, name] of script.matchAll(/\["(\/lib\/core\/[^"]+)"\] = ([\w$]+);/g)) {
    if (texts.has(name)) files.set(PLACE + path, Buffer.from(texts.get(name), "base64").toString());
  }
  return files;
}

const [program, output, ...exportedFunctions] = process.argv.slice(2);
const compiler = startCompiler("package/dist/moonc-worker.js");
const files = libraryFiles("package/dist/moonpad-monaco.js");
const { packages } = JSON.parse(files.get(`${PLACE}/lib/core/_build/packages.json`));
const sources = [`${LIBRARY}:${PLACE}/lib/core`, "main:/"];
const common = { target: TARGET, pkgSources: sources, errorFormat: "human", enableValueTracing: false, noOpt: false };
const interfaces = new Map();
const cores = [];

async function build(parameters) {
  const { core, mi, diagnostics } = await compiler("buildPackage", { ...common, ...parameters });
  if (!core) throw new Error(diagnostics.join("\n"));
  interfaces.set(parameters.pkg, mi);
  cores.push(core);
}

async function buildLibrary(name) {
  if (interfaces.has(name)) return;
  const { deps, files: parts } = packages.find(({ root, rel }) => `${root}/${rel}` === name);
  for (const { path } of deps) await buildLibrary(path);
  const used = ([, { backend, optlevel }]) => backend.includes("WasmGC") && optlevel.includes("Release");
  const imported = new Map(deps.map(({ path, alias }) => [`${path}:${alias}`, interfaces.get(path)]));
  const indirect = [...interfaces].map(([path, mi]) => [`${path}:${path.split("/").pop()}`, mi]);
  await build({
    pkg: name,
    isMain: false,
    mbtFiles: Object.entries(parts)
      .filter(used)
      .map(([path]) => [path, files.get(path)]),
    miFiles: [...imported],
    indirectImportMiFiles: indirect.filter(([path]) => !imported.has(path)),
    stdMiFiles: [],
  });
}

for (const name of NEEDED) await buildLibrary(`${LIBRARY}/${name}`);
const standard = [...interfaces].map(([path, mi]) => {
  const name = path.slice(LIBRARY.length + 1);
  return [`/lib/core/_build/${TARGET}/release/bundle/${name}/${name.split("/").pop()}.mi`, mi];
});
await build({
  pkg: "main",
  isMain: true,
  mbtFiles: [[program, readFileSync(program, "utf8")]],
  miFiles: [],
  indirectImportMiFiles: [],
  stdMiFiles: standard,
});
const { result } = await compiler("linkCore", {
  coreFiles: cores,
  main: "main",
  pkgSources: sources,
  target: TARGET,
  exportedFunctions,
  outputFormat: "wasm",
  testMode: false,
  debug: false,
  noOpt: false,
  sourceMap: false,
  sources: {},
  stopOnMain: false,
});
writeFileSync(output, result);
