import { compileRows, type RowExpression, type RowProgram } from '../../aggregate/index.js';
import { columnsOf, type DatasetPath, type LetColumn, type PipelineConfig } from '../../config/index.js';

/** Which columns of a config are read, which are computed, and which the rows of a block keep. */
export interface ColumnPlan {
  /** Columns of the source that something needs, in the order of the config. */
  readonly read: readonly (DatasetPath & { readonly name: string })[];
  /** Let columns and expression filters; undefined where there are none. */
  readonly program: RowProgram | undefined;
  /** Let columns that something needs, in the order of the config: the first results of the program; the rest are filters. */
  readonly lets: readonly LetColumn[];
  /** Per column of a block, as {@link storedColumns} names them: its position in `read` or `lets`. */
  readonly stored: readonly { readonly kind: 'read' | 'let'; readonly at: number }[];
}

/** Names of the columns that blocks hold: those that the variables use, first of the source, then let columns, each in the order of the config. */
export function storedColumns({ source, variables }: PipelineConfig): readonly string[] {
  const used = new Set(variables.flatMap(({ expression }) => columnsOf(expression)));
  return [...source.columns, ...source.lets].map(({ name }) => name).filter(name => used.has(name));
}

/**
 * Compiles what is computed row by row. One plan for each thread: its program keeps memory. Throws what `compileRows` does.
 * @param names of the columns that blocks hold; none where only filters count
 */
export function columnPlan(config: PipelineConfig, names: readonly string[] = storedColumns(config)): ColumnPlan {
  const { columns, lets, filters } = config.source;
  const tests: RowExpression[] = filters.flatMap(filter => (filter.kind === 'expression' ? [{ name: undefined, expression: filter.expression }] : []));
  const needed = new Set([...names, ...tests.flatMap(({ expression }) => columnsOf(expression))]);
  // From the last to the first, for a let column uses those before it.
  const own = [...lets].reverse().filter(({ name, expression }) => {
    if (!needed.has(name)) return false;
    for (const used of columnsOf(expression)) needed.add(used);
    return true;
  }).reverse();
  const read = columns.filter(({ name }) => needed.has(name));
  const expressions = [...own, ...tests];
  const letPlaces = new Map(own.map(({ name }, at) => [name, at]));
  const readPlaces = new Map(read.map(({ name }, at) => [name, at]));
  return {
    read,
    program: expressions.length === 0 ? undefined : compileRows(expressions, read.map(({ name }) => name)),
    lets: own,
    stored: names.map(name => {
      const at = letPlaces.get(name);
      return at === undefined ? { kind: 'read', at: readPlaces.get(name)! } : { kind: 'let', at };
    })
  };
}

/** The plan of a pass that only finds positions. */
export const NO_COLUMNS: ColumnPlan = { read: [], program: undefined, lets: [], stored: [] };
