import type { Abortable } from '../../base/index.js';
import type { ObjectStore } from '../../io/index.js';
import type { StoredArray, StoredGroup } from '../../zarr/index.js';
import type { Problem } from './verify-group.js';

/** Where the centres of the bins of a group's histograms, one chunk of float64 each, are not the middles of their edges. */
export async function binProblems(store: ObjectStore, { variables }: StoredGroup, options: Abortable): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { path, attributes } of variables) {
    const edges = edgesOf(attributes);
    if (!edges) continue;
    const array = `${path}_bin`;
    const what = differs(await store.get(`${array}/c/0`, options), edges);
    if (what !== undefined) problems.push({ parent: null, array, file: `${array}/c/0`, redo: true, what });
  }
  return problems;
}

function edgesOf({ bin_edges: edges }: StoredArray['attributes']): readonly number[] | undefined {
  return Array.isArray(edges) && (edges as readonly unknown[]).every(edge => typeof edge === 'number') ? (edges as readonly number[]) : undefined;
}

/** A sentence without its subject. */
function differs(bytes: Uint8Array | undefined, edges: readonly number[]): string | undefined {
  if (!bytes) return 'has no chunk, which the centres of the bins must be';
  if (bytes.length !== 8 * (edges.length - 1)) return `has ${bytes.length} bytes for the centres of ${edges.length - 1} bins`;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i + 1 < edges.length; i++) {
    const wanted = (edges[i]! + edges[i + 1]!) / 2, found = view.getFloat64(8 * i, true);
    if (!Object.is(found, wanted)) return `has ${found} where the centre of the bin from ${edges[i]!} to ${edges[i + 1]!} must be ${wanted}`;
  }
  return undefined;
}
