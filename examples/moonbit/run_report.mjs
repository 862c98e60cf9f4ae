// What run_report.py prints, by an engine with garbage-collected objects, such as Node 22: node run_report.mjs FILE
import { readFileSync } from "node:fs";

const module = await WebAssembly.compile(readFileSync("report.wasm"));
let printed = "";
const instantiate = (document) =>
  WebAssembly.instantiate(module, {
    host: {
      text: () => document,
      length: (text) => text.length,
      unit: (text, index) => text.charCodeAt(index),
    },
    spectest: { print_char: (unit) => (printed += String.fromCharCode(unit)) },
  });
(await instantiate(readFileSync(process.argv[2], "utf8"))).exports._start();
process.stdout.write(printed);
console.log(`200 numbers: ${(await instantiate("")).exports.digest(200)}`);
