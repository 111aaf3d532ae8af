export type { CellRows, ColumnValues, OutputValues } from './cell-rows.js';
export { Gatherer } from './gatherer.js';
export { groupRuns, type GroupedRuns } from './group-runs.js';
export { RUN_STRIDE, type RowBlock, type Runs } from './row-block.js';
export { RunBuilder, type ParentVerdict } from './run-builder.js';
export { compileStatistics, type Statistics } from './statistics/index.js';
