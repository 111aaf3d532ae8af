import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MaggError } from '../../base/index.js';
import { expandGranules, type FolderEntry, type ListFolder } from '../../catalog/index.js';
import { codeOf } from '../../io/file-error.node.js';
import { reasonOf } from './read-text.js';

/** Paths, URLs and globs as a list of granules, each once. */
export function granulesFrom(patterns: readonly string[], folder: string): Promise<readonly string[]> {
  return expandGranules(patterns, folder, listFolder);
}

/** Entries of a local folder, links followed. */
const listFolder: ListFolder = async path => {
  let names: readonly string[];
  try {
    names = await readdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unlisted(path, error);
    const link = path.replace(/\/+$/, '');
    const target = await targetOf(link);
    if (target === undefined) return undefined;
    throw new MaggError('no-granules', `granules were looked for in ${link}, a link to ${target}, which leads nowhere; bring back the folder it points to, or name other granules`, { cause: error });
  }
  const entries = await Promise.all(names.map(name => entryOf(path, name)));
  return entries.filter(entry => entry !== undefined);
};

/** Undefined for what has gone since the folder was listed. */
async function entryOf(folder: string, name: string): Promise<FolderEntry | undefined> {
  const path = join(folder, name);
  try {
    return { name, kind: (await stat(path)).isDirectory() ? 'folder' : 'file' };
  } catch (error) {
    if (!LEADS_NOWHERE.has(codeOf(error) ?? '')) throw unlisted(path, error);
  }
  const target = await targetOf(path);
  return target === undefined ? undefined : { name, kind: 'broken-link', target };
}

/** Where a link points; undefined where there is none. */
async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (NO_LINK.has(codeOf(error) ?? '')) return undefined;
    throw unlisted(path, error);
  }
}

/** Nothing is there, or something else. */
const NO_LINK: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EINVAL']);

/** Of a link: nothing is there, it goes in a circle, it goes through a file. */
const LEADS_NOWHERE: ReadonlySet<string> = new Set(['ENOENT', 'ELOOP', 'ENOTDIR']);

const unlisted = (path: string, cause: unknown): MaggError =>
  new MaggError('no-granules', `granules were looked for in ${path}, which could not be read: ${reasonOf(cause)}; change the permissions, or name other granules`, { cause });
