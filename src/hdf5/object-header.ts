import { grouped } from './damage.js';
import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

/** Message types of an object header, as the HDF5 format numbers them. */
export const MESSAGE = {
  dataspace: 0x01, linkInfo: 0x02, datatype: 0x03, oldFill: 0x04, fill: 0x05, link: 0x06, externalFiles: 0x07, layout: 0x08,
  groupInfo: 0x0a, filters: 0x0b, attribute: 0x0c, continuation: 0x10, symbolTable: 0x11, attributeInfo: 0x15
} as const;

export interface HeaderMessage {
  readonly type: number;
  /** The body stands elsewhere; see {@link sharedAddress}. */
  readonly shared: boolean;
  readonly data: Uint8Array;
}

const SHARED = 2;
/** More blocks than any writer makes. */
const MAX_BLOCKS = 10_000;
const MAX_MESSAGES = 100_000;

/** All messages of the object header at `address`, versions 1 and 2, continuation blocks included. */
export function readHeader(pages: PageCache, address: number): readonly HeaderMessage[] {
  const head = pages.cursorUpTo(address, 32);
  const isNew = head.left >= 4 && head.bytes[0] === 0x4f;
  const messages: HeaderMessage[] = [];
  const blocks: { from: number; length: number }[] = [];
  let prefix = 8;
  if (isNew) {
    const version = head.expect('OHDR').u8();
    if (version !== 2) throw pages.damaged(`found object header version ${version} at ${address}, 1 and 2 are known`);
    const flags = head.u8();
    prefix = flags & 4 ? 6 : 4;
    head.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
    const length = head.uint(1 << (flags & 3));
    pages.assertSum(address, head.at + length);
    blocks.push({ from: address + head.at, length });
  } else {
    const version = head.u8();
    if (version !== 1) throw pages.damaged(`expected an object header at ${address}, found version ${version}`);
    blocks.push({ from: address + 16, length: head.skip(7).u32() });
  }
  const seen = new Set<number>();
  for (let b = 0; b < blocks.length; b++) {
    const { from, length } = blocks[b]!;
    if (seen.has(from) || b > MAX_BLOCKS) throw pages.damaged(`the object header at ${address} continues in a circle`);
    seen.add(from);
    const block = pages.cursor(from, length);
    while (block.left >= prefix) {
      const type = isNew ? block.u8() : block.u16();
      const size = block.u16();
      const flags = block.u8();
      block.skip(prefix - (isNew ? 4 : 5));
      if (isNew && type === 0 && size > block.left) break; // a gap before the checksum
      const data = block.slice(size);
      if (type === MESSAGE.continuation) blocks.push(continuation(pages, data, isNew));
      else if (type === 0) continue;
      else if (messages.length === MAX_MESSAGES) throw pages.damaged(`the object header at ${address} has more than ${grouped(MAX_MESSAGES)} messages`);
      else messages.push({ type, shared: (flags & SHARED) !== 0, data });
    }
  }
  return messages;
}

function continuation(pages: PageCache, data: Uint8Array, isNew: boolean): { from: number; length: number } {
  const at = pages.reader(data);
  const from = at.u64();
  const length = at.u64();
  if (!isNew) return { from, length };
  if (length < 8) throw pages.damaged('a continuation block of an object header is too short');
  pages.cursor(from, 4).expect('OCHK');
  pages.assertSum(from, length - 4);
  return { from: from + 4, length: length - 8 };
}

/** Where a shared message stands: the header of the object that owns it. */
export function sharedAddress(pages: PageCache, data: Uint8Array): number {
  const at = pages.reader(data);
  const version = at.u8();
  const kind = at.u8();
  if (version === 3 && kind !== 2) throw new OffFastPath('messages in a shared message heap');
  if (version === 1) at.skip(6);
  else if (version !== 2 && version !== 3) throw pages.damaged(`found a shared message of version ${version}`);
  return at.u64();
}
