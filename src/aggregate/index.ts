export type { CellRows, ColumnValues, OutputValues } from './cell-rows.js';
