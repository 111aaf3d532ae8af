import type { ByteRange } from '../base/index.js';
import { encodedBytes } from './btree-v2.js';
import { lookup3 } from './lookup3.js';
import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

/** Without filters, and without its checksum. */
export const HEAD_BYTES = 142;
const MAX_DEPTH = 32;
const SUMMED_BLOCKS = 2;

/** Objects of a fractal heap by their heap id: managed ones in direct blocks, below any depth of indirect blocks, and tiny ones. */
export class FractalHeap {
  readonly #pages: PageCache;
  readonly #address: number;
  readonly #width: number;
  readonly #startBytes: number;
  readonly #directRows: number;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  readonly #root: number | undefined;
  readonly #rows: number;
  readonly #hasSums: boolean;
  readonly #checked = new Set<number>();

  constructor(pages: PageCache, address: number) {
    this.#pages = pages;
    this.#address = address;
    const head = pages.cursor(address, HEAD_BYTES).expect('FRHP');
    head.skip(3);
    if (head.u16() !== 0) throw new OffFastPath('a compressed fractal heap');
    pages.assertSum(address, HEAD_BYTES);
    this.#hasSums = (head.u8() & SUMMED_BLOCKS) !== 0;
    const maxObject = head.u32();
    head.at = 110;
    this.#width = head.u16();
    this.#startBytes = head.u64();
    const maxDirect = head.u64();
    const heapBits = head.u16();
    head.skip(2);
    this.#root = head.address();
    this.#rows = head.u16();
    const powers = [this.#width, this.#startBytes, maxDirect];
    if (!powers.every(n => n > 0 && Number.isInteger(Math.log2(n))) || maxDirect < this.#startBytes || heapBits > 64 || this.#rows > 64) {
      throw pages.damaged(`the fractal heap at ${address} has impossible sizes`);
    }
    this.#directRows = Math.log2(maxDirect / this.#startBytes) + 2;
    this.#offsetBytes = Math.ceil(heapBits / 8);
    this.#lengthBytes = Math.min(Math.ceil(Math.log2(maxDirect) / 8), encodedBytes(maxObject));
  }

  /** Where the first objects lie, to be fetched with the index that names them. */
  get hint(): readonly ByteRange[] {
    return this.#root === undefined ? [] : [{ offset: this.#root, length: Math.min(512, this.#startBytes) }];
  }

  object(id: Uint8Array): Uint8Array {
    const at = this.#pages.reader(id);
    const first = at.u8();
    switch ((first >> 4) & 3) {
      case 0: {
        if (this.#root === undefined) throw this.#pages.damaged(`the fractal heap at ${this.#address} is empty but used`);
        const offset = at.uint(this.#offsetBytes);
        const length = at.uint(this.#lengthBytes);
        return this.#pages.bytes(this.#locate(offset, this.#root, this.#rows, 0, this.#startBytes, 0), length);
      }
      case 2:
        if (id.length > 17) throw new OffFastPath('long tiny objects of a fractal heap');
        return at.slice((first & 15) + 1);
      default:
        throw new OffFastPath('huge objects of a fractal heap');
    }
  }

  /** Rows 0 and 1 hold blocks of the starting size, every further row doubles it. */
  #rowBytes(row: number): number {
    return this.#startBytes * (row < 2 ? 1 : 2 ** (row - 1));
  }

  /** `rows` 0 means a direct block; offsets in the heap count the headers of direct blocks. */
  #locate(offset: number, block: number, rows: number, from: number, blockBytes: number, depth: number): number {
    if (rows === 0) {
      this.#assertBlock(block, blockBytes);
      return block + offset - from;
    }
    if (depth > MAX_DEPTH) throw this.#pages.damaged(`the fractal heap at ${this.#address} runs in a circle`);
    if (!this.#checked.has(block)) {
      this.#pages.cursor(block, 4).expect('FHIB');
      this.#pages.assertSum(block, 13 + this.#offsetBytes + 8 * rows * this.#width);
      this.#checked.add(block);
    }
    let start = from;
    for (let row = 0; row < rows; row++) {
      const size = this.#rowBytes(row);
      if (offset < start + size * this.#width) {
        const column = Math.floor((offset - start) / size);
        const entry = block + 13 + this.#offsetBytes + 8 * (row * this.#width + column);
        const child = this.#pages.cursor(entry, 8).address();
        if (child === undefined) break;
        const below = row < this.#directRows ? 0 : Math.log2(size / (this.#startBytes * this.#width)) + 1;
        return this.#locate(offset, child, below, start + column * size, size, depth + 1);
      }
      start += size * this.#width;
    }
    throw this.#pages.damaged(`the fractal heap at ${this.#address} has nothing at ${offset}`);
  }

  /** The checksum of a direct block stands in its head, counted as 0. A block that is not here as a whole is not worth a request. */
  #assertBlock(block: number, blockBytes: number): void {
    if (!this.#hasSums || this.#checked.has(block) || !this.#pages.isHere(block, blockBytes)) return;
    const bytes = new Uint8Array(this.#pages.bytes(block, blockBytes));
    const at = 13 + this.#offsetBytes;
    const head = this.#pages.reader(bytes).expect('FHDB').skip(at - 4);
    const stored = head.u32();
    bytes.fill(0, at, at + 4);
    if (lookup3(bytes) !== stored) throw this.#pages.damaged(`the block of a heap at ${block} does not fit its checksum`);
    this.#checked.add(block);
  }
}
