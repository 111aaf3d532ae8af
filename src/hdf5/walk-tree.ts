import type { Abortable } from '../base/index.js';
import { grouped } from './damage.js';
import type { Hdf5Node } from './hdf5-file.js';
import { valueType } from './numeric-array.js';
import type { ObjectTree } from './object-tree.js';
import { readShape } from './read-dataset.js';
import { storageText } from './storage-text.js';

interface Place {
  readonly path: string;
  readonly address: number;
}

interface Visited {
  readonly node: Hdf5Node | undefined;
  readonly children: readonly Place[];
}

/** More objects than fit in memory with their paths, deeper than any path that a person could name. */
const MAX_OBJECTS = 1_000_000;
const MAX_DEPTH = 10_000;

/**
 * Everything below an object, depth first. Each object is listed once, under the first path that leads to it; soft and
 * external links are not followed. Level by level, so that all headers of a level come in one round.
 */
export async function walkTree(tree: ObjectTree, path: string, address: number, options: Abortable): Promise<readonly Hdf5Node[]> {
  const { pages } = tree;
  const visited = new Map<number, Visited>();
  const seen = new Set([address]);
  let level: readonly Place[] = [{ path, address }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw pages.damaged(`its groups lie more than ${grouped(MAX_DEPTH)} deep in each other`);
    const found = await pages.run(level.map(place => () => visit(tree, place)), options, depth > 0);
    const next: Place[] = [];
    found.forEach((one, i) => {
      const children = one.children.filter(child => !seen.has(child.address) && seen.add(child.address));
      visited.set(level[i]!.address, { node: one.node, children });
      for (const child of children) next.push(child);
    });
    if (seen.size > MAX_OBJECTS) throw pages.damaged(`it has more than ${grouped(MAX_OBJECTS)} objects`);
    level = next;
  }
  const out: Hdf5Node[] = [];
  const stack = [address];
  while (stack.length > 0) {
    const at = stack.pop()!;
    const { node, children } = visited.get(at)!;
    if (node && (at !== address || node.kind === 'dataset')) out.push(node);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!.address);
  }
  return out;
}

function visit(tree: ObjectTree, { path, address }: Place): Visited {
  const messages = tree.header(address);
  const links = tree.links(address);
  if (links) {
    const prefix = path === '/' ? '/' : `${path}/`;
    const children = [...links].flatMap(([name, link]) => (link.kind === 'hard' ? [{ path: prefix + name, address: link.address }] : []));
    return { node: { kind: 'group', path }, children };
  }
  const found = readShape(tree.pages, messages);
  if (!found) return { node: undefined, children: [] };
  const { shape, type, layout } = found;
  const name = type.kind === 'number' ? valueType(type.type) : type.kind === 'other' ? 'other' : 'text';
  return { node: { kind: 'dataset', path, shape, type: name, storage: storageText(tree.pages, messages, layout) }, children: [] };
}
