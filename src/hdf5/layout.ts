import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

/** How the chunks of a dataset are found. */
export type ChunkIndexKind = 'btree-v1' | 'single' | 'implicit' | 'fixed-array' | 'extensible-array' | 'btree-v2';

export type Layout =
  | { readonly kind: 'compact'; readonly bytes: Uint8Array }
  | { readonly kind: 'contiguous'; readonly address: number | undefined }
  | {
      readonly kind: 'chunked';
      /** Values per chunk in every dimension. */
      readonly chunkShape: readonly number[];
      readonly elementBytes: number;
      readonly index: ChunkIndexKind;
      readonly address: number | undefined;
      /** Of the only chunk, where the index is `single` and filters are used. */
      readonly single: { readonly sizeBytes: number; readonly filterMask: number } | undefined;
      /** Chunks that reach beyond the shape skip all filters. */
      readonly plainEdges: boolean;
    };

const INDEXES: Readonly<Record<number, ChunkIndexKind>> = { 1: 'single', 2: 'implicit', 3: 'fixed-array', 4: 'extensible-array', 5: 'btree-v2' };

/** A data layout message, versions 1 to 5. */
export function readLayout(pages: PageCache, data: Uint8Array): Layout {
  const at = pages.reader(data);
  const version = at.u8();
  if (version < 1 || version > 5) throw pages.damaged(`found data layout version ${version}, 1 to 5 are known`);
  if (version < 3) {
    const rank = at.u8();
    const kind = at.u8();
    const address = kind === 0 ? undefined : at.skip(5).address();
    if (kind === 0) at.skip(5);
    const sizes: number[] = [];
    for (let i = 0; i < rank; i++) sizes.push(at.u32());
    if (kind === 0) return { kind: 'compact', bytes: at.slice(at.u32()) };
    if (kind === 1) return { kind: 'contiguous', address };
    if (kind === 2) return chunked(pages, sizes.slice(0, -1), sizes.at(-1), 'btree-v1', address);
    throw pages.damaged(`found a data layout of class ${kind}`);
  }
  const kind = at.u8();
  if (kind === 0) return { kind: 'compact', bytes: at.slice(at.u16()) };
  if (kind === 1) return { kind: 'contiguous', address: at.address() };
  if (kind === 3) throw new OffFastPath('a virtual dataset');
  if (kind !== 2) throw pages.damaged(`found a data layout of class ${kind}`);
  if (version === 3) {
    const rank = at.u8();
    const address = at.address();
    const sizes: number[] = [];
    for (let i = 0; i < rank; i++) sizes.push(at.u32());
    return chunked(pages, sizes.slice(0, -1), sizes.at(-1), 'btree-v1', address);
  }
  return newChunked(pages, data);
}

const PLAIN_EDGES = 1;
const FILTERED_SINGLE = 2;

function newChunked(pages: PageCache, data: Uint8Array): Layout {
  const at = pages.reader(data).skip(2);
  const flags = at.u8();
  const rank = at.u8();
  const width = at.u8();
  if (width < 1 || width > 8) throw pages.damaged(`found chunk sizes of ${width} bytes`);
  const sizes: number[] = [];
  for (let i = 0; i < rank; i++) sizes.push(at.uint(width));
  const index = INDEXES[at.u8()];
  if (!index) throw pages.damaged('found an unknown chunk index');
  let single: { sizeBytes: number; filterMask: number } | undefined;
  if (index === 'single' && flags & FILTERED_SINGLE) single = { sizeBytes: at.u64(), filterMask: at.u32() };
  else if (index === 'fixed-array') at.skip(1);
  else if (index === 'extensible-array') at.skip(5);
  else if (index === 'btree-v2') at.skip(6);
  return chunked(pages, sizes.slice(0, -1), sizes.at(-1), index, at.address(), single, (flags & PLAIN_EDGES) !== 0);
}

function chunked(
  pages: PageCache,
  chunkShape: readonly number[],
  elementBytes: number | undefined,
  index: ChunkIndexKind,
  address: number | undefined,
  single?: { readonly sizeBytes: number; readonly filterMask: number },
  plainEdges = false
): Layout {
  if (elementBytes === undefined || chunkShape.length === 0 || chunkShape.some(size => size < 1)) throw pages.damaged(`found chunks of the shape (${chunkShape.join(', ')})`);
  return { kind: 'chunked', chunkShape, elementBytes, index, address, single, plainEdges };
}
