import type { ByteRange } from '../base/index.js';
import type { PageCache } from './page-cache.js';

const NODE_OVERHEAD = 10; // signature, version, type, checksum
const HEAD_BYTES = 34;
const MAX_DEPTH = 16;

/** Bytes needed to hold numbers up to `limit`, as the HDF5 library counts them. */
export const encodedBytes = (limit: number): number => Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1;

/** All records of a version 2 B-tree of record type `type`, in the order of the tree. `hints` come with its root. */
export function readBtreeV2(pages: PageCache, address: number, type: number, hints: readonly ByteRange[] = []): readonly Uint8Array[] {
  const head = pages.cursor(address, HEAD_BYTES).expect('BTHD');
  pages.assertSum(address, HEAD_BYTES);
  head.skip(1);
  const foundType = head.u8();
  if (foundType !== type) throw pages.damaged(`the B-tree at ${address} holds records of type ${foundType}, expected ${type}`);
  const nodeBytes = head.u32();
  const recordBytes = head.u16();
  const depth = head.u16();
  const root = head.skip(2).address();
  const rootCount = head.u16();
  if (root === undefined || rootCount === 0) return [];
  const leafMax = Math.floor((nodeBytes - NODE_OVERHEAD) / recordBytes);
  if (!(recordBytes > 0 && leafMax >= 1) || depth > MAX_DEPTH) throw pages.damaged(`the B-tree at ${address} has impossible sizes`);

  const countBytes = encodedBytes(leafMax);
  /** Width of "records in the whole subtree", by level of the child. */
  const totalBytes = [0];
  let total = leafMax;
  for (let level = 1; level <= depth; level++) {
    const pointer = 8 + countBytes + totalBytes[level - 1]!;
    const max = Math.floor((nodeBytes - NODE_OVERHEAD - pointer) / (recordBytes + pointer));
    if (max < 1) throw pages.damaged(`the B-tree at ${address} has impossible sizes`);
    total = Math.min(2 ** 52, (max + 1) * total + max);
    totalBytes.push(encodedBytes(total));
  }

  const records: Uint8Array[] = [];
  const seen = new Set<number>();
  const visit = (at: number, count: number, level: number): void => {
    if (seen.has(at)) throw pages.damaged(`the B-tree at ${address} runs in a circle`);
    seen.add(at);
    const node = pages.cursor(at, nodeBytes).expect(level > 0 ? 'BTIN' : 'BTLF');
    node.skip(2);
    const own: Uint8Array[] = [];
    for (let i = 0; i < count; i++) own.push(node.slice(recordBytes));
    if (level === 0) {
      pages.assertSum(at, node.at);
      for (const record of own) records.push(record);
      return;
    }
    const children: { at: number; count: number }[] = [];
    for (let i = 0; i <= count; i++) {
      children.push({ at: node.u64(), count: node.uint(countBytes) });
      node.skip(totalBytes[level - 1]!);
    }
    pages.assertSum(at, node.at);
    pages.want(children.map(child => ({ offset: child.at, length: nodeBytes })));
    children.forEach((child, i) => {
      visit(child.at, child.count, level - 1);
      if (i < count) records.push(own[i]!);
    });
  };
  pages.want([{ offset: root, length: nodeBytes }], hints);
  visit(root, rootCount, depth);
  return records;
}
