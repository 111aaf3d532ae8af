import type { ExactJsonObject } from './exact-json.js';

/**
 * Cells of one order as a multi-order coverage map in the JSON form of IVOA's MOC 2.0: order → ascending nested ids, where
 * four siblings stand as their parent. The order of the cells is always there, last, if with no ids: it is the map's own.
 */
export function coverageOf(cells: readonly bigint[], order: number): ExactJsonObject {
  const byOrder: [string, bigint[]][] = [];
  let left = [...cells].sort((a, b) => (a < b ? -1 : 1));
  for (let at = order; at >= 0 && (left.length > 0 || at === order); at--) {
    const kept: bigint[] = [];
    const next: bigint[] = [];
    for (let i = 0; i < left.length; ) {
      const id = left[i]!;
      const isWhole = at > 0 && id % 4n === 0n && left[i + 3] === id + 3n;
      if (isWhole) next.push(id / 4n);
      else kept.push(id);
      i += isWhole ? 4 : 1;
    }
    if (kept.length > 0 || at === order) byOrder.unshift([String(at), kept]);
    left = next;
  }
  return Object.fromEntries(byOrder.map(([key, ids]) => [key, ids.map(id => (id <= Number.MAX_SAFE_INTEGER ? Number(id) : id))]));
}
