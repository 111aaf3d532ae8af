export { compileStatistics, type Statistics } from './compile.js';
