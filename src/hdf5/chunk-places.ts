import { MaggError } from '../base/index.js';
import { grouped } from './damage.js';
import type { ChunkPlace } from './dataset-facts.js';
import type { PageCache } from './page-cache.js';

/** What fits in memory; a sound granule has a thousandth of it. */
const MAX_CHUNKS = 1 << 22;

/** The chunks that an index lists, as they are found. */
export class ChunkPlaces {
  readonly #found = new Map<number, ChunkPlace>();

  constructor(private readonly pages: PageCache) {}

  get found(): ReadonlyMap<number, ChunkPlace> {
    return this.#found;
  }

  put(number: number, place: ChunkPlace): void {
    if (this.#found.size === MAX_CHUNKS) {
      const { name } = this.pages;
      throw new MaggError('unsupported', `a dataset of ${name} has more than ${grouped(MAX_CHUNKS)} chunks. Write it again with larger ones: h5repack -l CHUNK=100000 IN OUT.`, { context: { granule: name, file: name } });
    }
    this.#found.set(number, place);
  }
}
