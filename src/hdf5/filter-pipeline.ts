import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

export type Filter = 'deflate' | 'shuffle' | 'fletcher32';

const NAMES: readonly unknown[] = ['deflate', 'shuffle', 'fletcher32'];

export const isFilter = (name: unknown): name is Filter => NAMES.includes(name);

const KNOWN: Readonly<Record<number, Filter>> = { 1: 'deflate', 2: 'shuffle', 3: 'fletcher32' };
const OTHERS: Readonly<Record<number, string>> = { 4: 'szip', 5: 'n-bit', 6: 'scale-offset', 32000: 'lzf', 32001: 'blosc', 32004: 'lz4', 32008: 'bitshuffle', 32015: 'zstd' };

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
    names.push(KNOWN[id] ?? OTHERS[id] ?? `filter ${id}`);
  }
  return names;
}

/** As {@link filterNames}; throws {@link OffFastPath} for those that are not ours. */
export function readFilters(pages: PageCache, data: Uint8Array): readonly Filter[] {
  return filterNames(pages, data).map(name => {
    if (isFilter(name)) return name;
    throw new OffFastPath(`the filter ${name}`);
  });
}
