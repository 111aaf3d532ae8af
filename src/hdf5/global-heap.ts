import type { PageCache } from './page-cache.js';

/** Object number `wanted` of a global heap collection. */
export function globalHeapObject(pages: PageCache, collection: number, wanted: number): Uint8Array {
  const sizeBytes = pages.cursor(collection, 16).expect('GCOL').skip(4).u64();
  const at = pages.cursor(collection, sizeBytes).skip(16);
  while (at.left >= 16) {
    const index = at.u16();
    const length = at.skip(6).u64();
    if (index === 0) break; // the rest is free
    const bytes = at.slice(length);
    if (index === wanted) return bytes;
    at.skip(Math.min(at.left, (8 - (length % 8)) % 8));
  }
  throw pages.damaged(`the heap at ${collection} has no object ${wanted}`);
}
