import { textOf } from './byte-cursor.js';
import type { Link } from './group-links.js';
import type { PageCache } from './page-cache.js';

const ENTRY_BYTES = 40;
/** A node of the usual rank; longer ones only cost one more round. */
const NODE_BYTES = 544;
const SOFT_LINK = 2;
/** Objects of larger groups are not fetched before somebody asks for them. */
const MAX_HINTS = 64;
const MAX_NAME_BYTES = 65_536;

/** The links of an old-style group: a version 1 B-tree of symbol nodes, names in a local heap. */
export function readSymbolTable(pages: PageCache, message: Uint8Array): ReadonlyMap<string, Link> {
  const at = pages.reader(message);
  const tree = at.u64();
  const heap = at.u64();
  pages.want([tree, heap].map(offset => ({ offset, length: Math.min(NODE_BYTES, Math.max(0, pages.sizeBytes - pages.base - offset)) })));
  const head = pages.cursor(heap, 32).expect('HEAP').skip(4);
  const namesBytes = head.u64();
  const namesAddress = head.skip(8).u64();
  const entries: { readonly name: number; readonly object: number | undefined; readonly soft: number | undefined }[] = [];
  const seen = new Set<number>();
  const visit = (address: number, expectedLevel: number | undefined): void => {
    if (seen.has(address)) throw pages.damaged(`the group with the B-tree at ${tree} runs in a circle`);
    seen.add(address);
    if (expectedLevel === -1) return symbolNode(address);
    const node = pages.cursor(address, 24).expect('TREE');
    const kind = node.u8();
    const level = node.u8();
    if (kind !== 0 || level > 32 || (expectedLevel !== undefined && level !== expectedLevel)) throw pages.damaged(`the B-tree node at ${address} is not where it belongs`);
    const used = node.u16();
    const keys = pages.cursor(address + 24, 16 * used + 8);
    const children: number[] = [];
    for (let i = 0; i < used; i++) children.push(keys.skip(8).u64());
    pages.want(children.map(offset => ({ offset, length: 8 })), [{ offset: namesAddress, length: namesBytes }]);
    for (const child of children) visit(child, level - 1);
  };
  const symbolNode = (address: number): void => {
    const count = pages.cursor(address, 8).expect('SNOD').skip(2).u16();
    const node = pages.cursor(address + 8, ENTRY_BYTES * count);
    for (let i = 0; i < count; i++) {
      const name = node.u64();
      const object = node.address();
      const isSoft = node.u32() === SOFT_LINK;
      const scratch = pages.reader(node.skip(4).slice(16));
      entries.push({ name, object, soft: isSoft ? scratch.u32() : undefined });
    }
  };
  visit(tree, undefined);

  // The names often lie far off, moved when they outgrew their place: the objects come along.
  const objects = entries.length <= MAX_HINTS ? entries.flatMap(({ object }) => (object === undefined ? [] : [{ offset: object, length: 16 }])) : [];
  pages.want([{ offset: namesAddress, length: namesBytes }], objects);
  const names = pages.bytes(namesAddress, namesBytes);
  const nameAt = (offset: number): string => {
    if (offset >= names.length) throw pages.damaged(`a name of the group with the heap at ${heap} lies outside of it`);
    return textOf(names.subarray(offset, offset + MAX_NAME_BYTES));
  };
  const links = new Map<string, Link>();
  for (const { name, object, soft } of entries) {
    if (soft !== undefined) links.set(nameAt(name), { kind: 'soft', target: nameAt(soft) });
    else if (object !== undefined) links.set(nameAt(name), { kind: 'hard', address: object });
  }
  return links;
}
