import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expandGranules, type ListFolder } from '../../catalog/index.js';

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
    throw error;
  }
  const entries = await Promise.all(names.map(async name => ({ name, kind: await kindOf(join(path, name)) })));
  return entries.flatMap(({ name, kind }) => (kind === undefined ? [] : [{ name, kind }]));
};

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
