import type { Abortable } from '../base/index.js';
import type { RangeSource } from '../io/index.js';
import type { ChunkCodecs } from './chunk-codecs.js';
import type { Hdf5File } from './hdf5-file.js';
import { ObjectTree } from './object-tree.js';
import { OffFastPath } from './off-fast-path.js';
import { PageCache } from './page-cache.js';
import { RangedFile, type Fallback } from './ranged-file.js';
import { readSuperblock } from './superblock.js';

export interface OpenOptions extends Abortable {
  readonly codecs: ChunkCodecs;
  /** What reads files and datasets off the fast path; default: h5wasm, loaded when first needed. */
  readonly fallback?: Fallback;
}

/**
 * Opens an HDF5 file over byte ranges; only its beginning is read. The file owns the source from then on: closing the one
 * closes the other, also when opening fails. Throws `not-hdf5`, `damaged-file`, and what the source throws.
 */
export async function openHdf5(source: RangeSource, { codecs, signal, fallback = fullLibrary }: OpenOptions): Promise<Hdf5File> {
  try {
    const pages = await PageCache.open(source, { signal });
    const [root] = await pages.run([() => rootAddress(pages)], { signal });
    if (root === undefined) return await fallback(source);
    return new RangedFile(source, new ObjectTree(pages, root), codecs, fallback);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function rootAddress(pages: PageCache): number | undefined {
  try {
    return readSuperblock(pages);
  } catch (error) {
    if (error instanceof OffFastPath) return undefined;
    throw error;
  }
}

const fullLibrary: Fallback = async source => (await import('./h5wasm-file.js')).openH5wasm(source);
