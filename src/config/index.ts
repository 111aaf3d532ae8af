export { columnsOf, type ArithmeticOperator, type CompareOperator, type Expression, type Span } from './expression.js';
export { ELEMENTWISE, REDUCERS, type ElementwiseName, type FunctionName, type ReducerName } from './functions.js';
export type {
  Compression, DataSource, DataType, EqualFilter, LatitudeConvention, OutputCoordinates, OutputVariable, PipelineConfig, RowFilter
} from './pipeline-config.js';
