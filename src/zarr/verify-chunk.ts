import { MaggError } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { contentHash } from './content-hash.js';
import { filledArray, type ChunkValues } from './data-types.js';
import { readChunk, type ReadChunkOptions } from './read-chunk.js';
import type { StoredGroup } from './stored-group.js';

/**
 * The values of every variable in one chunk, in the order of the group's variables, the fill value where a variable has no
 * chunk; undefined when none has one. `index`: the chunk's number, which is the parent's nested id in a full-sphere group.
 * Throws `damaged-chunk`, and `damaged-store` when an array of the group cannot be read.
 */
export async function readParentValues(store: ObjectStore, group: StoredGroup, index: number, options: ReadChunkOptions = {}): Promise<readonly ChunkValues[] | undefined> {
  const [other] = group.others;
  if (other) throw new MaggError('damaged-store', `${other.path} of ${store.name} has ${other.otherwise}, which is not read`, { context: { file: other.path } });
  const chunks: (ChunkValues | undefined)[] = [];
  for (const variable of group.variables) chunks.push(await readChunk(store, variable, index, options));
  if (chunks.every(chunk => chunk === undefined)) return undefined;
  return chunks.map((chunk, i) => {
    const { dtype, chunkCells, width, fillValue } = group.variables[i]!;
    return chunk ?? filledArray(dtype, chunkCells * width, fillValue);
  });
}

/** The content hash of what stands in one chunk; undefined when nothing does. Arguments and errors as of {@link readParentValues}. */
export async function verifyChunk(store: ObjectStore, group: StoredGroup, index: number, options: ReadChunkOptions = {}): Promise<string | undefined> {
  const values = await readParentValues(store, group, index, options);
  return values && contentHash(group, values);
}
