import { ChunkEntry, type ArrayNumbers } from './chunk-entries.js';
import { ChunkPlaces } from './chunk-places.js';
import type { ChunkPlace } from './dataset-facts.js';
import type { PageCache } from './page-cache.js';

const HEAD_BYTES = 24;
/** Signature, version, client, address of the header. */
const PREFIX_BYTES = 14;
const MAX_PAGE_BITS = 32;

/** The chunks in a fixed array: one block of entries, in pages of which each may be unwritten when there are many. */
export function chunksOfFixedArray(pages: PageCache, address: number, numbers: ArrayNumbers, chunkBytes: number): ReadonlyMap<number, ChunkPlace> {
  const head = pages.cursor(address, HEAD_BYTES).expect('FAHD').skip(1);
  pages.assertSum(address, HEAD_BYTES);
  const filtered = head.u8() === 1;
  const entry = new ChunkEntry(pages, address, filtered, head.u8(), chunkBytes);
  const pageBits = head.u8();
  const count = head.u64();
  const block = head.address();
  const places = new ChunkPlaces(pages);
  if (block === undefined) return places.found;
  if (pageBits > MAX_PAGE_BITS) throw pages.damaged(`the chunk index at ${address} has impossible sizes`);
  const pageEntries = 2 ** pageBits;
  const pageCount = count > pageEntries ? Math.ceil(count / pageEntries) : 0;
  const bitmapBytes = Math.ceil(pageCount / 8);
  const bodyBytes = pageCount > 0 ? bitmapBytes + 4 + count * entry.entryBytes + 4 * pageCount : count * entry.entryBytes;
  const body = pages.cursor(block, PREFIX_BYTES + bodyBytes).expect('FADB');
  pages.assertSum(block, PREFIX_BYTES + (pageCount > 0 ? bitmapBytes : bodyBytes));
  const bitmap = body.skip(10).slice(bitmapBytes);
  if (pageCount > 0) body.skip(4); // checksum
  let isWritten = true;
  for (let i = 0; i < count; i++) {
    if (pageCount > 0 && i % pageEntries === 0) {
      if (i > 0) body.skip(4); // checksum of the page before
      const page = i / pageEntries;
      isWritten = (bitmap[page >> 3]! & (128 >> (page & 7))) !== 0;
      if (isWritten) pages.assertSum(block + body.at, Math.min(pageEntries, count - i) * entry.entryBytes);
    }
    const place = entry.read(body);
    const number = isWritten && place ? numbers.toGrid(i) : undefined;
    if (number !== undefined) places.put(number, place!);
  }
  return places.found;
}
