import { readBtreeV2 } from './btree-v2.js';
import { FractalHeap } from './fractal-heap.js';
import { MESSAGE, type HeaderMessage } from './object-header.js';
import type { PageCache } from './page-cache.js';
import { readSymbolTable } from './symbol-table.js';

/** What a name in a group leads to. */
export type Link =
  | { readonly kind: 'hard'; readonly address: number }
  | { readonly kind: 'soft'; readonly target: string }
  | { readonly kind: 'external'; readonly target: string };

interface OrderedLink {
  readonly name: string;
  readonly link: Link;
  readonly order: number;
}

const NAME_INDEX = 5;

/**
 * The links of a group, whichever way it stores them: symbol table, messages in its header, or fractal heap. Undefined when
 * the header is not that of a group. Ordered by creation where the group tracks it, else by name.
 */
export function readLinks(pages: PageCache, messages: readonly HeaderMessage[]): ReadonlyMap<string, Link> | undefined {
  let isGroup = false;
  let tracked = false;
  const links: OrderedLink[] = [];
  for (const { type, data } of messages) {
    if (type === MESSAGE.symbolTable) {
      isGroup = true;
      for (const [name, link] of readSymbolTable(pages, data)) links.push({ name, link, order: 0 });
    } else if (type === MESSAGE.groupInfo) isGroup = true;
    else if (type === MESSAGE.link) {
      isGroup = true;
      links.push(parseLink(pages, data));
    } else if (type === MESSAGE.linkInfo) {
      isGroup = true;
      const at = pages.reader(data).skip(1);
      const flags = at.u8();
      tracked = (flags & 1) !== 0;
      if (tracked) at.skip(8);
      const heap = at.address();
      const index = at.address();
      if (heap !== undefined && index !== undefined) for (const link of denseLinks(pages, heap, index)) links.push(link);
    }
  }
  if (!isGroup) return undefined;
  links.sort((a, b) => (tracked ? a.order - b.order : a.name < b.name ? -1 : 1));
  return new Map(links.map(({ name, link }) => [name, link]));
}

function denseLinks(pages: PageCache, heapAddress: number, index: number): readonly OrderedLink[] {
  pages.want([{ offset: heapAddress, length: 146 }, { offset: index, length: 38 }]);
  const heap = new FractalHeap(pages, heapAddress);
  // A record is the hash of the name and the heap id.
  return readBtreeV2(pages, index, NAME_INDEX, heap.hint).map(record => parseLink(pages, heap.object(record.subarray(4))));
}

function parseLink(pages: PageCache, data: Uint8Array): OrderedLink {
  const at = pages.reader(data);
  const version = at.u8();
  if (version !== 1) throw pages.damaged(`found a link of version ${version}`);
  const flags = at.u8();
  const kind = flags & 8 ? at.u8() : 0;
  const order = flags & 4 ? at.u64() : 0;
  if (flags & 16) at.skip(1);
  const name = at.text(at.uint(1 << (flags & 3)));
  if (kind === 0) return { name, order, link: { kind: 'hard', address: at.u64() } };
  const target = at.slice(at.u16());
  if (kind === 1) return { name, order, link: { kind: 'soft', target: pages.reader(target).text(target.length) } };
  return { name, order, link: { kind: 'external', target: kind === 64 ? pages.reader(target.subarray(1)).text(Math.max(0, target.length - 1)) : `link type ${kind}` } };
}
