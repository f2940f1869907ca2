// Runs every src/**/*.test.ts with node's own test runner. Arguments narrow the files by name.
import { spawnSync } from 'node:child_process';
import { globFiles } from './files.mjs';

const wanted = process.argv.slice(2);
const files = globFiles('src', '.test.ts').filter((f) => wanted.every((w) => f.includes(w)));
const hook = new URL('./typescript.mjs', import.meta.url).href;
const run = spawnSync(process.execPath, ['--import', hook, '--test', '--test-reporter=spec', ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
