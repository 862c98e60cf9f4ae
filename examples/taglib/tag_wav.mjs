// The same as tag_wav.py, by the package itself: node tag_wav.mjs IN OUT TITLE ARTIST
import { readFileSync, writeFileSync } from "node:fs";
import createTagLib from "./package/dist/taglib-wrapper.js";

const [source, target, title, artist] = process.argv.slice(2);
const module = await createTagLib();
const file = module.createFileHandle();
file.loadFromBuffer(new Uint8Array(readFileSync(source)));
const tag = file.getTag();
tag.setTitle(title);
tag.setArtist(artist);
tag.setTrack(7);
file.setProperties({ ...file.getProperties(), COMPOSER: ["Anna", "Ötzi"] });
try {
  file.setProperties({ GENRE: ["Folk", 5] });
} catch (error) {
  console.log(error.message);
}
try {
  new module.StringVector().resize(2 ** 30, "");
} catch (error) {
  console.log(error instanceof WebAssembly.Exception ? "WasmException" : error.name);
}
file.save();
for (const [name, values] of Object.entries(file.getProperties()).sort()) console.log(`${name}: ${values.join(", ")}`);
const audio = file.getAudioProperties();
console.log(`${audio.codec()}, ${audio.sampleRate()} Hz, ${audio.lengthInMilliseconds()} ms`);
writeFileSync(target, file.getBuffer());
