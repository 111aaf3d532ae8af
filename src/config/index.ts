export { builtInConfig, builtInNames } from './built-in.js';
export { applyFix, DIAGNOSTIC_CODES, type Diagnostic, type DiagnosticCode, type Fix } from './diagnostic.js';
export { editConfig, type ConfigEdit } from './edit-config.js';
export { columnsOf, partsOf, type ArithmeticOperator, type CompareOperator, type Expression, type Span } from './expression.js';
export type { ExpressionProblem } from './expression-problem.js';
export { edgesOf } from './histogram-edges.js';
export {
  ELEMENTWISE, isReducer, isVector, QUANTILE_METHODS, REDUCERS, signatureOf, VECTOR_FUNCTIONS, type ElementwiseName, type FunctionName, type ParamKind, type ReducerName, type Signature, type VectorName
} from './functions.js';
export { resolveInnerOrder } from './inner-order.js';
export { nearestName } from './nearest-name.js';
export { parseConfig, parseConfigDocument, type ParsedConfig, type ParseOptions } from './parse-config.js';
export { parseExpression } from './parse-expression.js';
export { DEFAULT_PARENT_ORDER } from './pipeline-config.js';
export type {
  Compression, DatasetFilter, DatasetPath, DataSource, DataType, ExpressionFilter, LatitudeConvention, LetColumn, Level, OutputCoordinates,
  OutputVariable, PipelineConfig, RowFilter, RowTest, StoreForm
} from './pipeline-config.js';
export { sliceLength } from './slice-length.js';
export { pipelineSchema, type PipelineDocument } from './pipeline-document.generated.js';
