import { MaggError, throwIfAborted, type Abortable } from '../base/index.js';
import { expandBraces, isGlob, matchesName } from './glob.js';
import { granuleId, isUrl } from './granule-id.js';

export interface FolderEntry {
  readonly name: string;
  /** Of what a link leads to; `broken-link` where it leads nowhere. */
  readonly kind: 'file' | 'folder' | 'broken-link';
  /** Where a broken link points, as it says itself. */
  readonly target?: string;
}

/** The entries of a folder (`.`, or a path that ends in `/`) in any order; undefined when there is no such folder. */
export type ListFolder = (folder: string, options: Abortable) => Promise<readonly FolderEntry[] | undefined>;

/** Folders below each other that `**` goes through, so that links in a circle end. */
const MAX_DEPTH = 32;
const MAX_FOLDERS = 100_000;

/**
 * The granules that a list of paths, URLs and patterns names, each once, ordered by granule id: the same whichever way they
 * are named. Paths are relative to `baseFolder`; patterns hold `*` and `?` (within a name), `**` (any folders) and
 * `{a,b}`. URLs are taken as they are. What several patterns match counts once.
 *
 * Folders that a pattern matches are no granules and are left out. A link that leads nowhere is not: its rows would be
 * missing without a word.
 *
 * Throws `no-granules` for a pattern that matches nothing, for a path that does not exist and for a link that leads nowhere
 * (below `**` only where its name matches what follows), `duplicate-granule` for a path
 * or URL that is given twice and for two files with one granule id, `bad-pattern` for a pattern in a URL.
 */
export async function expandGranules(patterns: readonly string[], baseFolder: string, listFolder: ListFolder, options: Abortable = {}): Promise<readonly string[]> {
  const listings = new Map<string, Promise<readonly FolderEntry[]>>();
  const list = (folder: string): Promise<readonly FolderEntry[]> => {
    let listing = listings.get(folder);
    if (!listing) {
      if (listings.size >= MAX_FOLDERS) throw new MaggError('bad-pattern', `more than ${MAX_FOLDERS} folders to look through, the last ${folder}; name the folder of the granules more closely`);
      listings.set(folder, listing = listFolder(folder === '' ? '.' : folder, options).then(entries => entries ?? []));
    }
    return listing;
  };
  const explicit = new Set<string>();
  const found = new Set<string>();
  for (const pattern of patterns) {
    throwIfAborted(options.signal);
    if (pattern.trim() === '') throw new MaggError('bad-pattern', 'expected a path, URL or pattern of granules, found an empty text');
    const named = isUrl(pattern) ? [checkedUrl(pattern)] : await expandPath(pattern, baseFolder, list);
    if (named.length === 0) throw nothingFound(pattern, baseFolder);
    for (const name of named) {
      if (isUrl(pattern) || !isGlob(pattern)) {
        if (explicit.has(name)) throw new MaggError('duplicate-granule', `${pattern} is given twice: its rows would count twice; remove one`);
        explicit.add(name);
      }
      found.add(name);
    }
  }
  const byId = new Map<string, string>();
  for (const name of found) {
    const id = granuleId(name);
    const twin = byId.get(id);
    if (twin !== undefined) {
      throw new MaggError('duplicate-granule', `${twin} and ${name} are the same granule, ${id}: its rows would count twice; name one of them, or give them different names if they are different files (a granule is known by its file name, however it is reached)`, { context: { granule: id } });
    }
    byId.set(id, name);
  }
  return [...byId.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
}

function checkedUrl(url: string): string {
  if (!/[*{}]/.test(url.replace(/[?#].*$/s, ''))) return url;
  throw new MaggError('bad-pattern', `${url} is a URL with a pattern, which cannot be expanded without a listing; name each granule, or give a catalog`);
}

function nothingFound(pattern: string, baseFolder: string): MaggError {
  const what = isGlob(pattern) ? 'the pattern matches no file there' : 'there is no such file';
  return new MaggError('no-granules', `the granules ${JSON.stringify(pattern)} were looked for in ${baseFolder || '.'}, and ${what}; correct the path in data_source.granules`);
}

type List = (folder: string) => Promise<readonly FolderEntry[]>;

/** What one pattern names. */
interface Found {
  readonly files: Set<string>;
  /** Links that lead nowhere, with where they point. */
  readonly broken: Map<string, string | undefined>;
}

async function expandPath(pattern: string, baseFolder: string, list: List): Promise<readonly string[]> {
  const found: Found = { files: new Set(), broken: new Map() };
  for (const path of isGlob(pattern) ? expandBraces(pattern) : [pattern]) {
    const root = /^(?:[A-Za-z]:)?\//.exec(path)?.[0];
    const start = root ?? (baseFolder === '' || baseFolder.endsWith('/') ? baseFolder : `${baseFolder}/`);
    const parts = path.slice(root?.length ?? 0).split('/').filter((part, i, all) => part !== '' && part !== '.' && !(part === '**' && all[i + 1] === '**'));
    await walk(start, parts, 0, list, found, isGlob(pattern));
  }
  if (found.broken.size > 0) throw leadsNowhere(pattern, found);
  return [...found.files];
}

function leadsNowhere(pattern: string, { files, broken }: Found): MaggError {
  const [link, target] = [...broken].sort(([a], [b]) => (a < b ? -1 : 1))[0]!;
  const total = files.size + broken.size;
  const share = total === 1 ? '' : ` (${broken.size} of the ${total} names that match ${broken.size === 1 ? 'is such a link' : 'are such links'})`;
  return new MaggError(
    'no-granules',
    `the granules ${JSON.stringify(pattern)}: ${link} is a link to ${target ?? 'a place that cannot be told'}, which leads nowhere${share}: rows would be missing. Fetch what it points to (for git-annex: git annex get), remove the link, or name other granules`,
    { context: { file: link } }
  );
}

/** Adds the files below `folder` (empty or ending in `/`) that the parts name, and the broken links among these names. */
async function walk(folder: string, parts: readonly string[], depth: number, list: List, found: Found, globbing: boolean): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined || depth > MAX_DEPTH) return;
  if (part === '..' || (rest.length > 0 && !(globbing && isGlob(part)))) return walk(`${folder}${part}/`, rest, depth, list, found, globbing);
  const entries = await list(folder);
  if (globbing && part === '**') {
    await walk(folder, rest.length > 0 ? rest : ['*'], depth, list, found, globbing);
    for (const { name, kind } of entries) {
      if (kind === 'folder' && !name.startsWith('.')) await walk(`${folder}${name}/`, parts, depth + 1, list, found, globbing);
    }
    return;
  }
  for (const { name, kind, target } of entries) {
    if (globbing ? !matchesName(part, name) : name !== part) continue;
    if (kind === 'broken-link') found.broken.set(folder + name, target);
    else if (rest.length === 0) {
      if (kind === 'file') found.files.add(folder + name);
    } else if (kind === 'folder') await walk(`${folder}${name}/`, rest, depth + 1, list, found, globbing);
  }
}
