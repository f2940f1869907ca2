// Holds the promise about weight: all script of the bundle, gzipped, stays below 300 kB (we aim below 80).
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { globFiles } from './files.mjs';

const LIMIT_KB = 300;
const sizes = globFiles('dist', '.js', '.css').map((path) => ({ path, gzip: gzipSync(readFileSync(path)).length }));
for (const { path, gzip } of sizes) console.log(`${(gzip / 1000).toFixed(1).padStart(8)} kB  ${path}`);
const script = sizes.filter((s) => s.path.endsWith('.js')).reduce((sum, s) => sum + s.gzip, 0) / 1000;
console.log(`${script.toFixed(1).padStart(8)} kB  all script, gzipped (limit ${LIMIT_KB})`);
process.exit(script > LIMIT_KB ? 1 : 0);
