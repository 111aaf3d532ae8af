import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

/** `skipped` is one that no chunk uses: the writer did not have it either. */
export type Filter = 'deflate' | 'shuffle' | 'fletcher32' | 'lzf' | 'skipped';

const FILTERS: readonly unknown[] = ['deflate', 'shuffle', 'fletcher32', 'lzf', 'skipped'];

export const isFilter = (name: unknown): name is Filter => FILTERS.includes(name);

const KNOWN: Readonly<Record<number, Filter>> = { 1: 'deflate', 2: 'shuffle', 3: 'fletcher32', 32000: 'lzf' };
/** Those of the full library. */
const BUILT_IN: Readonly<Record<number, string>> = { 4: 'szip', 5: 'n-bit', 6: 'scale-offset' };
const PLUGINS: Readonly<Record<number, string>> = {
  307: 'bzip2', 32001: 'blosc', 32004: 'lz4', 32008: 'bitshuffle', 32013: 'zfp', 32015: 'zstd', 32017: 'sz', 32018: 'fci-decomp', 32019: 'jpeg', 32024: 'sz3', 32026: 'blosc2'
};

/** The filters of a dataset in the order the writer applied them, by name. */
export function filterNames(pages: PageCache, data: Uint8Array): readonly string[] {
  const at = pages.reader(data);
  const version = at.u8();
  const count = at.u8();
  if (version !== 1 && version !== 2) throw pages.damaged(`found a filter pipeline of version ${version}`);
  if (count > 32) throw pages.damaged(`found a pipeline of ${count} filters`);
  if (version === 1) at.skip(6);
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const id = at.u16();
    const nameBytes = version === 1 || id >= 256 ? at.u16() : 0;
    at.skip(2);
    const values = at.u16();
    at.skip(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes).skip(4 * values);
    if (version === 1 && values % 2 === 1) at.skip(4);
    names.push(KNOWN[id] ?? BUILT_IN[id] ?? PLUGINS[id] ?? `filter ${id}`);
  }
  return names;
}

/**
 * As {@link filterNames}; those that nobody here can undo are `skipped`, and stand in `unknown` with their place. Throws
 * {@link OffFastPath} for those that the full library can.
 */
export function readFilters(pages: PageCache, data: Uint8Array): { readonly filters: readonly Filter[]; readonly unknown: readonly { readonly at: number; readonly name: string }[] } {
  const unknown: { at: number; name: string }[] = [];
  const filters = filterNames(pages, data).map((name, at): Filter => {
    if (isFilter(name)) return name;
    if (Object.values(BUILT_IN).includes(name)) throw new OffFastPath(`the filter ${name}`);
    unknown.push({ at, name });
    return 'skipped';
  });
  return { filters, unknown };
}
