// What a built file depends on, as one hash: content, not times, so a fresh clone, a branch change and a deleted file all count.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function* filesBelow(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name));
}

/** Hash of the names and contents of files and folders, given relative to the project. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(join(root, path))) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** True when `paths` are as they were at the last {@link keep} under this name. Stamps live below a folder that goes away with what they vouch for. */
export function unchanged(stamp, paths) {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint(paths);
}

export function keep(stamp, paths) {
  const file = join(root, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fingerprint(paths));
}

/** Everything the Node bundles are made of; the panel is not. */
export const bundleSources = [
  'package-lock.json', 'package.json', 'schema', '.ci/webpack.config.mjs', '.ci/generate.mjs', 'assembly',
  ...readdirSync(join(root, 'src')).filter(name => name !== 'hosts' && name !== 'plugin.ts' && name !== 'index.ts').map(name => `src/${name}`),
  ...(existsSync(join(root, 'src/hosts')) ? readdirSync(join(root, 'src/hosts')) : []).filter(name => name !== 'lab' && name !== 'widget').map(name => `src/hosts/${name}`)
];
export const bundleStamp = 'magg/bundle/.sources';
