export { builtInConfig, builtInNames } from './built-in.js';
export { applyFix, DIAGNOSTIC_CODES, type Diagnostic, type DiagnosticCode, type Fix } from './diagnostic.js';
export { columnsOf, type ArithmeticOperator, type CompareOperator, type Expression, type Span } from './expression.js';
export type { ExpressionProblem } from './expression-problem.js';
export { ELEMENTWISE, isReducer, QUANTILE_METHODS, REDUCERS, signatureOf, type ElementwiseName, type FunctionName, type ParamKind, type ReducerName, type Signature } from './functions.js';
export { resolveInnerOrder } from './inner-order.js';
export { nearestName } from './nearest-name.js';
export { parseConfig, parseConfigDocument, type ParsedConfig, type ParseOptions } from './parse-config.js';
export { parseExpression } from './parse-expression.js';
export { DEFAULT_PARENT_ORDER } from './pipeline-config.js';
export type {
  Compression, DatasetFilter, DatasetPath, DataSource, DataType, ExpressionFilter, LatitudeConvention, LetColumn, Level, OutputCoordinates,
  OutputVariable, PipelineConfig, RowFilter, RowTest, StoreForm
} from './pipeline-config.js';
export { pipelineSchema, type PipelineDocument } from './pipeline-document.generated.js';
