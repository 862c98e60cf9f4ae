// A mesh of N times N vertices as compressed streams, in JSON: node encode_mesh.mjs N > mesh.json
import { createHash } from "node:crypto";
import { MeshoptDecoder } from "./package/meshopt_decoder.mjs";
import { MeshoptEncoder } from "./package/meshopt_encoder.js";

await Promise.all([MeshoptEncoder.ready, MeshoptDecoder.ready]);
const n = Number(process.argv[2]);
const count = n * n;
const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const vectors = (size, at) => {
  const result = new Float32Array(count * size);
  for (let i = 0; i < count; i++) result.set(at((i % n) / n, Math.floor(i / n) / n), i * size);
  return result;
};
const unit = (vector) => vector.map((x) => x / Math.hypot(...vector));

const positions = vectors(4, (x, y) => [x, Math.sin(7 * x) * Math.cos(5 * y), y, 1]);
const normals = vectors(4, (x, y) => [...unit([Math.cos(9 * x) - 0.5, 1, y - 0.3]), 1]);
const rotations = vectors(4, (x, y) => unit([x + 0.1, y - 0.5, 1 - x, Math.cos(3 * x)]));
const colors = vectors(4, (x, y) => [x, y, 1 - x, x * y]);
const corners = [];
for (let i = 0; i < count - n; i++) {
  if ((i + 1) % n) corners.push(i, i + 1, i + n, i + n, i + 1, i + n + 1);
}
const triangles = new Uint32Array(corners);

const attributes = (name, size, filter, data) => [name, "ATTRIBUTES", filter, count, size, data];
const streams = [
  attributes("positions", 16, "NONE", bytes(positions)),
  attributes("positions, exponents", 16, "EXPONENTIAL", MeshoptEncoder.encodeFilterExp(positions, count, 16, 15)),
  attributes("normals, 8 bits", 4, "OCTAHEDRAL", MeshoptEncoder.encodeFilterOct(normals, count, 4, 8)),
  attributes("normals, 12 bits", 8, "OCTAHEDRAL", MeshoptEncoder.encodeFilterOct(normals, count, 8, 12)),
  attributes("rotations", 8, "QUATERNION", MeshoptEncoder.encodeFilterQuat(rotations, count, 8, 16)),
  attributes("colors, 8 bits", 4, "COLOR", MeshoptEncoder.encodeFilterColor(colors, count, 4, 8)),
  attributes("colors, 16 bits", 8, "COLOR", MeshoptEncoder.encodeFilterColor(colors, count, 8, 16)),
  ["triangles", "TRIANGLES", "NONE", triangles.length, 4, bytes(triangles)],
  ["indices", "INDICES", "NONE", triangles.length, 2, bytes(new Uint16Array(triangles))],
];
console.log(
  JSON.stringify(
    streams.map(([name, mode, filter, count, size, data]) => {
      const encoded = MeshoptEncoder.encodeGltfBuffer(data, count, size, mode);
      const decoded = new Uint8Array(count * size);
      MeshoptDecoder.decodeGltfBuffer(decoded, count, size, encoded, mode, filter);
      const sha256 = createHash("sha256").update(decoded).digest("hex");
      return { name, mode, filter, count, size, encoded: Buffer.from(encoded).toString("base64"), sha256 };
    }),
    null,
    1,
  ),
);
