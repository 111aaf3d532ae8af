import { Limiter, MaggError, type Abortable } from '../base/index.js';
import { entriesOf, type ObjectStore } from '../io/index.js';
import { isJsonObject, type ExactJson, type ExactJsonObject } from './exact-json.js';
import { readNode, writeNode } from './metadata-node.js';

export const ROOT_KEY = 'zarr.json';
const CONCURRENCY = 16;

/** Paths of nodes (`12`, `12/h_mean`) in the root's consolidated metadata; undefined when the root has none. */
export function consolidatedNodes(root: ExactJsonObject): ExactJsonObject | undefined {
  const consolidated = root.consolidated_metadata;
  if (!isJsonObject(consolidated) || !isJsonObject(consolidated.metadata)) return undefined;
  return consolidated.metadata;
}

/** Whether the group stands in the root's consolidated metadata: then it is finished. */
export function isConsolidated(root: ExactJsonObject, group: string): boolean {
  const nodes = consolidatedNodes(root);
  return nodes !== undefined && Object.hasOwn(nodes, group);
}

/**
 * Writes consolidated metadata at the root, and only there, over all groups of the store; `groups` are finished from then
 * on. A group that magg began and did not finish is left out, so that it stays unfinished. Throws `no-store` without a root.
 */
export async function consolidate(store: ObjectStore, groups: readonly string[], options: Abortable): Promise<void> {
  const root = await readNode(store, ROOT_KEY, options);
  if (!root) throw new MaggError('no-store', `expected a Zarr store at ${store.name}, found none; write its template first`);
  const nodes = (await nodesBelow(store, '', options)).sort((a, b) => (`${a.path}/${ROOT_KEY}` < `${b.path}/${ROOT_KEY}` ? -1 : 1));
  const known = consolidatedNodes(root) ?? {};
  const unfinished = nodes
    .filter(({ path, node }) => !groups.includes(path) && isOwnGroup(node) && !Object.hasOwn(known, path))
    .map(({ path }) => path);
  const metadata: [string, ExactJson][] = [];
  for (const { path, node } of nodes) {
    if (!unfinished.some(other => isBelow(path, other))) metadata.push([path, withoutConsolidated(node)]);
  }
  await writeNode(store, ROOT_KEY, withConsolidated(root, metadata), options);
}

interface StoredNode {
  readonly path: string;
  readonly node: ExactJsonObject;
}

/** Groups and arrays below a folder; the chunks of arrays are not listed. */
async function nodesBelow(store: ObjectStore, folder: string, options: Abortable): Promise<StoredNode[]> {
  const names = await entriesOf(store, folder, options);
  const found: StoredNode[] = [];
  if (folder !== '' && names.includes(ROOT_KEY)) {
    const node = await readNode(store, `${folder}${ROOT_KEY}`, options);
    if (node) found.push({ path: folder.slice(0, -1), node });
    if (node?.node_type === 'array') return found;
  }
  const limiter = new Limiter(CONCURRENCY);
  const below = await Promise.all(names.filter(name => name.endsWith('/')).map(name => limiter.run(() => nodesBelow(store, `${folder}${name}`, options))));
  return [...found, ...below.flat()];
}

/** Takes the group, its overviews and what is below them out of the consolidated metadata; the others keep theirs. */
export async function unfinishStore(store: ObjectStore, childOrder: number, options: Abortable = {}): Promise<void> {
  const root = await readNode(store, ROOT_KEY, options);
  const nodes = root && consolidatedNodes(root);
  if (!root || !nodes) return;
  const group = String(childOrder);
  const own = Object.entries(nodes).filter(([path, node]) => path === group || overviewOfNode(node) === group).map(([path]) => path);
  const rest = Object.entries(nodes).filter(([path]) => !isBelow(path, group) && !own.some(other => isBelow(path, other)));
  if (rest.length < Object.keys(nodes).length) await writeNode(store, ROOT_KEY, withConsolidated(root, rest), options);
}

/** Name of the group that a group is an overview of. */
export function overviewOfNode(node: ExactJson | undefined): string | undefined {
  const name = isJsonObject(node) && isJsonObject(node.attributes) ? node.attributes.overview_of : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isOwnGroup(node: ExactJsonObject): boolean {
  return node.node_type === 'group' && isJsonObject(node.attributes) && node.attributes.latitude_convention !== undefined;
}

function isBelow(path: string, group: string): boolean {
  return path === group || path.startsWith(`${group}/`);
}

function withoutConsolidated(node: ExactJsonObject): ExactJsonObject {
  return Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'consolidated_metadata'));
}

function withConsolidated(root: ExactJsonObject, metadata: readonly (readonly [string, ExactJson])[]): ExactJsonObject {
  const rest = withoutConsolidated(root);
  if (metadata.length === 0) return rest;
  return { ...rest, consolidated_metadata: { kind: 'inline', must_understand: false, metadata: Object.fromEntries(metadata) } };
}
