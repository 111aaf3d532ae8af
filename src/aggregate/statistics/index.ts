export { compileStatistics, type Statistics } from './compile.js';
export { compileRows, type RowColumns, type RowExpression, type RowProgram, type RowValues } from './row-program.js';
