import type { Partially } from './partial.js';
import { DEFAULT_PARENT_ORDER } from './pipeline-config.js';
import type { PipelineDocument } from './pipeline-document.generated.js';
import type { Report } from './report.js';

/** 4^12 cells of float64 are 128 MiB: a chunk's values are held in memory. */
const MAX_STEPS = 12;
const MAX_DECIMAL_ORDER = 18;

/** Orders and the type of morton ids go together. */
export function checkGrid(document: Partially<PipelineDocument>, report: Report): void {
  const { child_order: child, parent_order: parent } = document.output?.grid ?? {};
  const grid = ['output', 'grid'];
  if (parent !== undefined && child !== undefined && parent > child) {
    report.add({ code: 'orders', path: [...grid, 'child_order'], message: `child_order ${child} is less than parent_order ${parent}: cells are parts of their parent, so it must be at least ${parent}` });
  } else if (parent !== undefined && child !== undefined && child - parent > MAX_STEPS) {
    report.add({
      code: 'orders', path: [...grid, 'child_order'],
      message: `child_order ${child} is ${child - parent} orders above parent_order ${parent}: at most ${MAX_STEPS} fit into one chunk; raise parent_order to at least ${child - MAX_STEPS}`
    });
  }
  const path = ['aggregation', 'coordinates', 'morton', 'dtype'];
  if (document.aggregation?.coordinates?.morton?.dtype === 'int64' && child !== undefined && child > MAX_DECIMAL_ORDER) {
    report.add({
      code: 'orders', path, fix: { title: 'Change to uint64', replacement: 'uint64' },
      message: `int64 morton ids reach order ${MAX_DECIMAL_ORDER}, and child_order is ${child}: take uint64, the packed word, which holds every order`
    });
  }
  const source = document.data_source;
  if (source?.granules !== undefined && document.catalog !== undefined) {
    report.add({ code: 'unused-key', severity: 'warning', at: 'key', path: ['data_source', 'granules'], message: 'granules have no effect beside a catalog, which lists its own: keep one of the two' });
  } else if (source?.granules !== undefined && parent === undefined && child !== undefined && child > DEFAULT_PARENT_ORDER + MAX_STEPS && !report.hasError([...grid, 'parent_order'])) {
    report.add({
      code: 'missing-key', at: 'key', path: [...grid, 'parent_order'],
      message: `output.grid.parent_order is missing, and its default without a catalog, ${DEFAULT_PARENT_ORDER}, is too far from child_order ${child}: at most ${MAX_STEPS} orders fit into one chunk; for example parent_order: ${child - 6}`
    });
  }
}
