import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MaggError } from '../../base/index.js';
import { expandGranules, type ListFolder } from '../../catalog/index.js';
import { reasonOf } from './read-text.js';

/** Paths, URLs and globs as a list of granules, each once. */
export function granulesFrom(patterns: readonly string[], folder: string): Promise<readonly string[]> {
  return expandGranules(patterns, folder, listFolder);
}

/** Entries of a local folder, links followed; a link that leads nowhere is left out. */
const listFolder: ListFolder = async path => {
  let names: readonly string[];
  try {
    names = await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unlisted(path, error);
  }
  const entries = await Promise.all(names.map(async name => ({ name, kind: await kindOf(join(path, name)) })));
  return entries.flatMap(({ name, kind }) => (kind === undefined ? [] : [{ name, kind }]));
};

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return undefined;
    throw unlisted(path, error);
  }
}

const unlisted = (path: string, cause: unknown): MaggError =>
  new MaggError('no-granules', `granules were looked for in ${path}, which could not be read: ${reasonOf(cause)}; change the permissions, or name other granules`, { cause });
