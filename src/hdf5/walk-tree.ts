import type { Abortable } from '../base/index.js';
import type { Hdf5Node } from './hdf5-file.js';
import type { ObjectTree } from './object-tree.js';
import { valueType } from './numeric-array.js';
import { readShape } from './read-dataset.js';
import { storageText } from './storage-text.js';

interface Visited {
  readonly path: string;
  readonly node: Hdf5Node | undefined;
  readonly children: readonly { readonly path: string; readonly address: number }[];
}

/**
 * Everything below an object, depth first. Each object is listed once, under the first path that leads to it; soft and
 * external links are not followed. Level by level, so that all headers of a level come in one round.
 */
export async function walkTree(tree: ObjectTree, path: string, address: number, options: Abortable): Promise<readonly Hdf5Node[]> {
  const visited = new Map<string, Visited>();
  const seen = new Set([address]);
  let level = [{ path, address }];
  while (level.length > 0) {
    const found = await tree.pages.run(level.map(({ path: at, address: object }) => () => visit(tree, at, object)), options);
    level = [];
    for (const one of found) {
      const children = one.children.filter(child => !seen.has(child.address) && seen.add(child.address));
      visited.set(one.path, { ...one, children });
      level.push(...children);
    }
  }
  const out: Hdf5Node[] = [];
  const stack = [path];
  while (stack.length > 0) {
    const { node, children, path: at } = visited.get(stack.pop()!)!;
    if (node && (at !== path || node.kind === 'dataset')) out.push(node);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!.path);
  }
  return out;
}

function visit(tree: ObjectTree, path: string, address: number): Visited {
  const messages = tree.header(address);
  const links = tree.links(address);
  if (links) {
    const prefix = path === '/' ? '/' : `${path}/`;
    const children = [...links].flatMap(([name, link]) => (link.kind === 'hard' ? [{ path: prefix + name, address: link.address }] : []));
    return { path, node: { kind: 'group', path }, children };
  }
  const found = readShape(tree.pages, messages);
  if (!found) return { path, node: undefined, children: [] };
  const { shape, type, layout } = found;
  const name = type.kind === 'number' ? valueType(type.type) : type.kind === 'other' ? 'other' : 'text';
  return { path, node: { kind: 'dataset', path, shape, type: name, storage: storageText(tree.pages, messages, layout) }, children: [] };
}
