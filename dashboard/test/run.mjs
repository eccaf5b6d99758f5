// Runs the tests of the pure modules: esbuild turns each into one file, node tests it.
//   node test/run.mjs [FOLDER for what is built]
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'meterhound-page-'));
const names = readdirSync(here).filter((name) => name.endsWith('.test.ts'));
await build({
  entryPoints: names.map((name) => join(here, name)),
  outdir: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  outExtension: {'.js': '.mjs'},
  logLevel: 'warning',
});
const {status} = spawnSync(
  process.execPath,
  ['--test', ...names.map((name) => join(out, name.replace(/\.ts$/, '.mjs')))],
  {stdio: 'inherit'},
);
if (!process.argv[2]) rmSync(out, {recursive: true});
process.exit(status ?? 1);
