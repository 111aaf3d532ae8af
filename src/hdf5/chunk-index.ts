import type { Layout } from './layout.js';
import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

/** Where a chunk lies, counted from the beginning of the file, and which filters it skips. */
export interface ChunkPlace {
  readonly offset: number;
  readonly length: number;
  readonly filterMask: number;
}

/** Chunk number along the first dimension to place; what is not in it was never written. */
export type ChunkIndex = ReadonlyMap<number, ChunkPlace>;

type Chunked = Extract<Layout, { kind: 'chunked' }>;

/** Finds all chunks of a dataset whose chunks cover every dimension but the first. `chunkBytes` is their decoded size. */
export function readChunkIndex(pages: PageCache, layout: Chunked, chunkCount: number, chunkBytes: number, filtered: boolean): ChunkIndex {
  const { address, index } = layout;
  if (address === undefined || chunkCount === 0) return new Map();
  const place = (at: number, length: number, filterMask: number): ChunkPlace => ({ offset: at + pages.base, length, filterMask });
  switch (index) {
    case 'btree-v1':
      return btree(pages, address, layout, chunkCount);
    case 'single': {
      if (filtered && !layout.single) throw pages.damaged('a single compressed chunk has no size');
      return new Map([[0, place(address, layout.single?.sizeBytes ?? chunkBytes, layout.single?.filterMask ?? 0)]]);
    }
    case 'implicit': {
      // All chunks one after the other: there cannot be more than the file has room for.
      if (chunkCount * chunkBytes > pages.sizeBytes) throw pages.damaged('chunks that were all written do not fit into the file');
      return new Map(Array.from({ length: chunkCount }, (_, i) => [i, place(address + i * chunkBytes, chunkBytes, 0)]));
    }
    case 'fixed-array':
      return fixedArray(pages, address, chunkCount, chunkBytes);
    case 'extensible-array':
      throw new OffFastPath('a chunk index as extensible array');
    case 'btree-v2':
      throw new OffFastPath('a chunk index as version 2 B-tree');
  }
}

function btree(pages: PageCache, root: number, { chunkShape }: Chunked, chunkCount: number): ChunkIndex {
  const rows = chunkShape[0]!;
  const others = 8 * chunkShape.length; // offsets in the other dimensions and in the value, all 0
  const entryBytes = 8 + 8 + others + 8;
  const places = new Map<number, ChunkPlace>();
  const seen = new Set<number>();
  const visit = (address: number, expectedLevel: number | undefined): void => {
    if (seen.has(address)) throw pages.damaged(`the chunk index at ${root} runs in a circle`);
    seen.add(address);
    const head = pages.cursor(address, 24).expect('TREE');
    const kind = head.u8();
    const level = head.u8();
    if (kind !== 1 || level > 32 || (expectedLevel !== undefined && level !== expectedLevel)) throw pages.damaged(`the chunk index node at ${address} is not where it belongs`);
    const used = head.u16();
    const entries = pages.cursor(address + 24, entryBytes * used);
    const children: number[] = [];
    for (let i = 0; i < used; i++) {
      const length = entries.u32();
      const filterMask = entries.u32();
      const first = entries.u64();
      const child = entries.skip(others).u64();
      if (level > 0) children.push(child);
      else {
        if (first % rows !== 0) throw pages.damaged(`the chunk index at ${root} has a chunk at row ${first}, chunks have ${rows} rows`);
        const chunk = first / rows;
        if (chunk < chunkCount) places.set(chunk, { offset: child + pages.base, length, filterMask });
      }
    }
    pages.want(children.map(offset => ({ offset, length: 24 })));
    for (const child of children) visit(child, level - 1);
  };
  visit(root, undefined);
  return places;
}

function fixedArray(pages: PageCache, address: number, chunkCount: number, chunkBytes: number): ChunkIndex {
  const head = pages.cursor(address, 28).expect('FAHD').skip(1);
  const filtered = head.u8() === 1;
  const entryBytes = head.u8();
  const pageEntries = 2 ** head.u8();
  const count = head.u64();
  const block = head.address();
  const sizeWidth = entryBytes - 12;
  if (filtered ? sizeWidth < 1 || sizeWidth > 8 : entryBytes !== 8) throw pages.damaged(`the chunk index at ${address} has entries of ${entryBytes} bytes`);
  const places = new Map<number, ChunkPlace>();
  if (block === undefined) return places;
  const pageCount = count > pageEntries ? Math.ceil(count / pageEntries) : 0;
  const bitmapBytes = Math.ceil(pageCount / 8);
  const bodyBytes = pageCount > 0 ? bitmapBytes + 4 + count * entryBytes + 4 * pageCount : count * entryBytes;
  const body = pages.cursor(block, 14 + bodyBytes).expect('FADB');
  const bitmap = body.skip(10).slice(bitmapBytes);
  if (pageCount > 0) body.skip(4); // checksum
  for (let i = 0; i < count; i++) {
    const page = Math.floor(i / pageEntries);
    if (pageCount > 0 && i > 0 && i % pageEntries === 0) body.skip(4); // checksum of the page before
    const at = body.address();
    const length = filtered ? body.uint(sizeWidth) : chunkBytes;
    const filterMask = filtered ? body.u32() : 0;
    const isWritten = pageCount === 0 || (bitmap[page >> 3]! & (128 >> (page & 7))) !== 0;
    if (isWritten && at !== undefined && i < chunkCount) places.set(i, { offset: at + pages.base, length, filterMask });
  }
  return places;
}
