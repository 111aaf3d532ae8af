import { RUN_STRIDE, type RowBlock } from '../../aggregate/index.js';
import { mortonText } from '../plan.js';

/** Kept rows per parent, of the parents with any, in order of first appearance. */
export function keptCells(block: RowBlock | undefined, parentOrder: number): readonly (readonly [cell: string, rows: number])[] {
  if (!block) return [];
  const { parents, data } = block.runs;
  const rows = new Float64Array(parents.length);
  for (let r = 0; r < data.length; r += RUN_STRIDE) rows[data[r]!]! += data[r + 3]!;
  return Array.from(parents, (parent, p) => [mortonText(parent, parentOrder), rows[p]!] as const).filter(([, count]) => count > 0);
}
