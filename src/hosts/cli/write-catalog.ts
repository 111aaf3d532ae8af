import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { MaggError } from '../../base/index.js';
import { isUrl, parseCatalog } from '../../catalog/index.js';
import { reasonOf } from './read-text.js';

/** Throws `usage`, before anything is read, when a catalog cannot or must not be written there. */
export function assertOutput(path: string): void {
  const folder = dirname(resolve(path));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new MaggError('usage', `the folder of --output ${path} does not exist; make it first`);
  if (!existsSync(path)) return;
  const stat = statSync(path);
  if (stat.isDirectory()) throw new MaggError('usage', `--output ${path} is a folder; name a file in it`);
  if (!stat.isFile()) throw new MaggError('usage', `--output ${path} is no regular file, which a catalog replaces; name another file`);
  try {
    parseCatalog(readFileSync(path, 'utf8'), path);
  } catch (cause) {
    throw new MaggError('usage', `--output ${path} exists and is no catalog; it is left as it is. Choose another --output, or remove it`, { cause });
  }
}

/** How a catalog names a granule: relative paths count from the folder of the catalog, so that both can move together. */
export function namedFrom(catalog: string, granule: string): string {
  if (isUrl(granule) || isAbsolute(granule)) return granule;
  return relative(dirname(resolve(catalog)), resolve(granule)).replaceAll('\\', '/');
}

/** The file appears whole or not at all, and is read back before it takes its name. Throws `usage`. */
export function writeCatalog(path: string, text: string): void {
  parseCatalog(text, path);
  const draft = `${path}.part`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new MaggError('usage', `${path} could not be written: ${reasonOf(cause)}; choose another --output`, { cause });
  }
}
