// What lex_modules.py prints, by the package itself: node lex_modules.mjs FILE…
import { readFileSync } from "node:fs";
import { init, parse } from "./package/dist/lexer.js";

await init();
for (const name of process.argv.slice(2)) {
  const source = readFileSync(name, "utf8");
  try {
    const [imports, exports] = parse(source);
    console.log(
      JSON.stringify([
        imports.map((found) => [
          found.type,
          source.slice(found.start, found.end),
          found.start,
          found.end,
          found.importStart,
          found.importEnd,
          found.attributes ?? null,
        ]),
        exports.map((found) => [
          found.type,
          source.slice(found.start, found.end),
          found.start,
          found.end,
          found.exportStart,
        ]),
      ]),
    );
  } catch (error) {
    console.error(`${name}: parse error at ${error.idx}`);
    process.exit(1);
  }
}
