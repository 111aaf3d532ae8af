import type { ByteRange } from '../base/index.js';
import type { ByteCursor } from './byte-cursor.js';
import { ChunkEntry, type ArrayNumbers } from './chunk-entries.js';
import { ChunkPlaces } from './chunk-places.js';
import type { ChunkPlace } from './dataset-facts.js';
import type { PageCache } from './page-cache.js';

/** Signature, version, client, address of the header. */
const PREFIX_BYTES = 14;
const HEAD_BYTES = 68;
const MAX_BITS = 64;

interface Sizes {
  readonly entry: ChunkEntry;
  /** Width of "number of the first entry" in the blocks. */
  readonly offsetBytes: number;
  /** Entries of a page, where a data block is divided in pages. */
  readonly pageEntries: number;
}

/** A data block and the numbers of its entries; `isWritten` for each of its pages. */
interface DataBlock {
  readonly address: number;
  readonly first: number;
  readonly count: number;
  readonly pages: number;
  readonly isWritten: (page: number) => boolean;
}

/**
 * The chunks in an extensible array, the index of datasets that may grow in one dimension: a few entries in the index
 * block, then data blocks in super blocks, both of doubling size.
 */
export function chunksOfExtensibleArray(pages: PageCache, address: number, numbers: ArrayNumbers, chunkBytes: number): ReadonlyMap<number, ChunkPlace> {
  const head = pages.cursor(address, HEAD_BYTES).expect('EAHD').skip(1);
  pages.assertSum(address, HEAD_BYTES);
  const filtered = head.u8() === 1;
  const entry = new ChunkEntry(pages, address, filtered, head.u8(), chunkBytes);
  const countBits = head.u8();
  const inIndexBlock = head.u8();
  const minEntries = head.u8();
  const minPointers = head.u8();
  const pageBits = head.u8();
  head.skip(32);
  const used = head.u64(); // entries up to the last one that was ever set
  const indexBlock = head.skip(8).address();
  const isPower = (n: number): boolean => n > 0 && Number.isInteger(Math.log2(n));
  if (countBits > MAX_BITS || pageBits > MAX_BITS || !isPower(minEntries) || !isPower(minPointers)) throw pages.damaged(`the chunk index at ${address} has impossible sizes`);
  const places = new ChunkPlaces(pages);
  if (indexBlock === undefined) return places.found;
  const sizes: Sizes = { entry, offsetBytes: Math.ceil(countBits / 8), pageEntries: 2 ** pageBits };

  const take = (at: ByteCursor, first: number, count: number): void => {
    for (let i = 0; i < count; i++) {
      const place = entry.read(at);
      const number = place && first + i < used ? numbers.toGrid(first + i) : undefined;
      if (number !== undefined) places.put(number, place!);
    }
  };
  const superBlocks = superBlocksOf(countBits, minEntries);
  const direct = 2 * Math.log2(minPointers); // super blocks whose data blocks the index block points to
  const directBlocks = 2 * (minPointers - 1);
  const superCount = Math.max(0, superBlocks.length - direct);
  const indexBytes = PREFIX_BYTES + inIndexBlock * entry.entryBytes + 8 * (directBlocks + superCount);
  const index = pages.cursor(indexBlock, indexBytes).expect('EAIB').skip(10);
  pages.assertSum(indexBlock, indexBytes);
  take(index, 0, inIndexBlock);

  const blocks: DataBlock[] = [];
  const always = (): boolean => true;
  superBlocks.slice(0, direct).forEach(({ first, blockCount, blockEntries }) => {
    for (let b = 0; b < blockCount; b++) {
      const at = index.address();
      if (at !== undefined) blocks.push({ address: at, first: inIndexBlock + first + b * blockEntries, count: blockEntries, pages: 0, isWritten: always });
    }
  });
  const supers = superBlocks.slice(direct).flatMap(shape => {
    const at = index.address();
    return at === undefined ? [] : [{ ...shape, ...superBlockSizes(shape.blockCount, shape.blockEntries, sizes), address: at }];
  });
  pages.want(supers.map(({ address: offset, bytes }) => ({ offset, length: bytes })), dataBlockRanges(blocks, sizes).slice(0, 64));
  for (const { address: at, bytes, first, blockCount, blockEntries, pageCount, bitmapBytes } of supers) {
    const block = pages.cursor(at, bytes).expect('EASB').skip(10 + sizes.offsetBytes);
    pages.assertSum(at, bytes);
    const bitmap = block.slice(bitmapBytes * blockCount);
    for (let b = 0; b < blockCount; b++) {
      const child = block.address();
      if (child === undefined) continue;
      const isWritten = (page: number): boolean => (bitmap[(b * pageCount + page) >> 3]! & (128 >> ((b * pageCount + page) & 7))) !== 0;
      blocks.push({ address: child, first: inIndexBlock + first + b * blockEntries, count: blockEntries, pages: pageCount, isWritten });
    }
  }
  pages.want(dataBlockRanges(blocks, sizes));
  for (const { address: at, first, count, pages: pageCount, isWritten } of blocks) {
    const prefix = PREFIX_BYTES + sizes.offsetBytes;
    pages.cursor(at, 4).expect('EADB');
    pages.assertSum(at, prefix + (pageCount === 0 ? count * entry.entryBytes : 0));
    if (pageCount === 0) take(pages.cursor(at + prefix, count * entry.entryBytes), first, count);
    for (let page = 0; page < pageCount; page++) {
      const start = at + prefix + 4 + page * (sizes.pageEntries * entry.entryBytes + 4); // checksums of the head and the pages
      if (!isWritten(page)) continue;
      pages.assertSum(start, sizes.pageEntries * entry.entryBytes);
      take(pages.cursor(start, sizes.pageEntries * entry.entryBytes), first + page * sizes.pageEntries, sizes.pageEntries);
    }
  }
  return places.found;
}

interface SuperBlock {
  /** Number of its first entry, not counting those in the index block. */
  readonly first: number;
  readonly blockCount: number;
  readonly blockEntries: number;
}

/** Every second super block has twice as many data blocks as the one before, the others blocks twice as long. */
function superBlocksOf(countBits: number, minEntries: number): readonly SuperBlock[] {
  const out: SuperBlock[] = [];
  let first = 0;
  for (let u = 0; u <= countBits - Math.log2(minEntries); u++) {
    const blockCount = 2 ** Math.floor(u / 2);
    const blockEntries = 2 ** Math.floor((u + 1) / 2) * minEntries;
    out.push({ first, blockCount, blockEntries });
    first += blockCount * blockEntries;
  }
  return out;
}

function superBlockSizes(blockCount: number, blockEntries: number, { offsetBytes, pageEntries }: Sizes): { readonly pageCount: number; readonly bitmapBytes: number; readonly bytes: number } {
  const pageCount = blockEntries > pageEntries ? blockEntries / pageEntries : 0;
  const bitmapBytes = Math.ceil(pageCount / 8);
  return { pageCount, bitmapBytes, bytes: PREFIX_BYTES + offsetBytes + blockCount * (bitmapBytes + 8) };
}

/** What will be read of data blocks: all of those without pages, the written pages of the others. */
function dataBlockRanges(blocks: readonly DataBlock[], { entry, offsetBytes, pageEntries }: Sizes): readonly ByteRange[] {
  const prefix = PREFIX_BYTES + offsetBytes;
  const pageBytes = pageEntries * entry.entryBytes + 4;
  return blocks.flatMap(({ address, count, pages, isWritten }) => {
    if (pages === 0) return [{ offset: address, length: prefix + count * entry.entryBytes }];
    const written = Array.from({ length: pages }, (_, page) => page).filter(isWritten);
    return [{ offset: address, length: prefix + 4 }, ...written.map(page => ({ offset: address + prefix + 4 + page * pageBytes, length: pageBytes }))];
  });
}
