import { isAlias, isMap, isScalar, isSeq, visit, type CST, type Document, type Node, type Pair } from 'yaml';
import { MaggError } from '../base/index.js';
import { formatPath, type Path } from './report.js';
import { itemsOf, tokenEnd, type Item } from './yaml-tokens.js';

export type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

/** A value of a document and the tokens it is written with. */
export interface Cursor {
  readonly node: Node | null;
  /** The entry that holds it; undefined at the root. */
  readonly item: Item | undefined;
  /** The collection that it is an entry of. */
  readonly within: Collection | undefined;
}

/** The values on the way to a path, from the root to the last that is there. */
export interface Way {
  readonly cursors: readonly Cursor[];
  /** Steps that lead no further: empty when the value itself is there. */
  readonly missing: Path;
}

export const refuse = (path: Path, message: string): never => {
  throw new MaggError('config-edit', `${path.length === 0 ? 'the config' : formatPath(path)} was not changed: ${message}`);
};

export function collectionOf({ node }: Cursor): Collection | undefined {
  const token = node?.srcToken;
  return token && (token.type === 'block-map' || token.type === 'block-seq' || token.type === 'flow-collection') ? token : undefined;
}

/** Goes as far along a path as the document does. */
export function findPath(document: Document, path: Path): Way {
  const cursors: Cursor[] = [{ node: document.contents, item: undefined, within: undefined }];
  for (const [i, step] of path.entries()) {
    const at = cursors.at(-1)!;
    const here = path.slice(0, i);
    if (isAlias(at.node)) return refuse(path, `${formatPath(here)} is the alias *${at.node.source}, so that the change would belong to what the alias stands for; write the values out there first`);
    const next = isEmpty(at.node) ? undefined : stepInto(at, step, here, path);
    if (!next) return { cursors, missing: path.slice(i) };
    cursors.push(next);
  }
  return { cursors, missing: [] };
}

function stepInto(at: Cursor, step: string | number, here: Path, path: Path): Cursor | undefined {
  const within = collectionOf(at);
  if (isMap(at.node) && within) {
    const pair = (at.node.items as Pair<Node, Node | null>[]).find(({ key }) => isScalar(key) && keyText(key) === String(step));
    return pair && { node: pair.value, item: pair.srcToken, within };
  }
  if (isSeq(at.node) && within) {
    const items = itemsOf(within);
    if (typeof step !== 'number' || !Number.isInteger(step) || step < 0) return refuse(path, `${formatPath(here)} is a list, whose entries are numbered from 0, found ${JSON.stringify(step)}`);
    if (step > items.length) return refuse(path, `${formatPath(here)} has ${items.length} entries, so that the next is number ${items.length}, found ${step}`);
    return step === items.length ? undefined : { node: at.node.items[step] as Node | null, item: items[step], within };
  }
  return refuse(path, `${here.length === 0 ? 'the config' : formatPath(here)} is a single value and has no entries; set it to a mapping or a list instead`);
}

const keyText = ({ value, source }: { readonly value: unknown; readonly source?: string }): string => (typeof value === 'string' ? value : (source ?? ''));

/** True of a value that is not written: `key:` with nothing after it. */
export function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.type === 'PLAIN' && node.source === '');
}

/** Refuses a change of what an alias elsewhere stands for. */
export function refuseShared(document: Document, { cursors, missing }: Way, path: Path): void {
  const target = missing.length === 0 ? cursors.at(-1)!.node : null;
  const anchors = new Set(cursors.flatMap(({ node }) => (node && !isAlias(node) && node.anchor !== undefined ? [node.anchor] : [])));
  const inside = target?.range ? { from: target.range[0], to: target.srcToken ? tokenEnd(target.srcToken) : target.range[1] } : { from: 0, to: 0 };
  if (target) visit(target, { Node: (_, node) => void (!isAlias(node) && node.anchor !== undefined && anchors.add(node.anchor)) });
  if (anchors.size === 0) return;
  visit(document, {
    Alias: (_, alias) => {
      const at = alias.range?.[0] ?? 0;
      if (anchors.has(alias.source) && !(at >= inside.from && at < inside.to)) refuse(path, `it is part of the anchor &${alias.source}, and *${alias.source} elsewhere would change with it; write the values out there first`);
    }
  });
}
