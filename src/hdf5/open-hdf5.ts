import type { Abortable } from '../base/index.js';
import type { RangeSource } from '../io/index.js';
import type { ChunkCodecs } from './chunk-codecs.js';
import type { Hdf5File } from './hdf5-file.js';
import type { Hdf5Index } from './hdf5-index.js';
import { IndexedFile, type InnerFile } from './indexed-file.js';
import { ObjectTree } from './object-tree.js';
import { OffFastPath } from './off-fast-path.js';
import { PageCache } from './page-cache.js';
import { parseIndex } from './parse-index.js';
import { RangedFile, type Fallback } from './ranged-file.js';
import { readSuperblock } from './superblock.js';

export interface OpenOptions extends Abortable {
  readonly codecs: ChunkCodecs;
  /** What reads files and datasets off the fast path: {@link nodeLibrary}, {@link webLibrary}. Nothing is started before it is needed. */
  readonly fallback: Fallback;
  /** What {@link Hdf5File.savedIndex} gave for the same file: nothing is asked for that it knows. */
  readonly saved?: Hdf5Index | undefined;
}

/**
 * Opens an HDF5 file over byte ranges; only its beginning is read, with a saved index nothing. The file owns the source from
 * then on: closing the one closes the other, also when opening fails. Throws `not-hdf5`, `damaged-file`, `bad-index`,
 * `granule-changed` when the saved index is of another content (over HTTP the first read does), and what the source throws.
 */
export async function openHdf5(source: RangeSource, { codecs, signal, saved, fallback }: OpenOptions): Promise<Hdf5File> {
  try {
    const known = saved === undefined ? undefined : parseIndex(source.name, saved);
    if (known) await source.expect(known, { signal });
    const state = known ?? { sizeBytes: await source.size({ signal }), tag: await source.tag({ signal }), datasets: new Map<string, never>(), exists: new Map<string, never>() };
    const file = new IndexedFile(source, state, codecs, options => openInner(source, codecs, fallback, options));
    if (!known) await file.inner({ signal });
    return file;
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openInner(source: RangeSource, codecs: ChunkCodecs, fallback: Fallback, { signal }: Abortable): Promise<InnerFile> {
  const pages = await PageCache.open(source, { signal });
  const [root] = await pages.run([() => rootAddress(pages)], { signal });
  return root === undefined ? fallback(source, { signal }) : new RangedFile(source, new ObjectTree(pages, root), codecs, fallback);
}

function rootAddress(pages: PageCache): number | undefined {
  try {
    return readSuperblock(pages);
  } catch (error) {
    if (error instanceof OffFastPath) return undefined;
    throw error;
  }
}
