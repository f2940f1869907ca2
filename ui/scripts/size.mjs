// Holds the promise about weight: all script of the bundle, gzipped, stays below 300 kB (we aim below 110). The PDF viewer is a
// chunk of its own that comes with the first preview, and is weighed apart.
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { globFiles } from './files.mjs';

const LIMITS_KB = { program: 300, viewer: 600 };
const sizes = globFiles('dist', '.js', '.mjs', '.css').map((path) => ({ path, gzip: gzipSync(readFileSync(path)).length }));
for (const { path, gzip } of sizes) console.log(`${(gzip / 1000).toFixed(1).padStart(8)} kB  ${path}`);
const isViewer = (path) => /\/pdf[.-][^/]*\.m?js$/.test(path);
const scripts = sizes.filter((s) => !s.path.endsWith('.css'));
let fits = true;
for (const [part, limit] of Object.entries(LIMITS_KB)) {
  const weight = scripts.filter((s) => isViewer(s.path) === (part === 'viewer')).reduce((sum, s) => sum + s.gzip, 0) / 1000;
  console.log(`${weight.toFixed(1).padStart(8)} kB  ${part}: all script, gzipped (limit ${limit})`);
  fits &&= weight > 0 && weight <= limit;
}
process.exit(fits ? 0 : 1);
