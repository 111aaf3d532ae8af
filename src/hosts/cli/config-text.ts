import { ELEMENTWISE, REDUCERS } from '../../config/index.js';
import { nameOf, type CoordinatePair } from './guess-columns.js';
import type { Column } from './survey-granule.js';

export interface ChosenColumn {
  readonly template: string;
  readonly type: Column['type'];
  readonly units: string | undefined;
  readonly longName: string | undefined;
  /** Template of the column with its standard errors. */
  readonly error: string | undefined;
}

/** A flag, and the value of good rows; undefined when nothing says which it is. */
export interface ChosenFlag {
  readonly template: string;
  readonly good: number | undefined;
  readonly meanings: string | undefined;
}

export interface ConfigParts {
  readonly granule: string;
  readonly store: string;
  readonly pair: CoordinatePair;
  readonly otherPairs: readonly CoordinatePair[];
  readonly columns: readonly ChosenColumn[];
  /** Likely columns that were not chosen. */
  readonly otherColumns: readonly string[];
  readonly flag: ChosenFlag | undefined;
  readonly otherFlags: readonly string[];
}

/** JSON's texts are YAML's too. */
const quoted = (text: string): string => JSON.stringify(text);
/** In a comment nothing may end the line. */
const remark = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/** A commented config in YAML. */
export function configText({ granule, store, pair, otherPairs, columns, otherColumns, flag, otherFlags }: ConfigParts): string {
  const names = new Names();
  const named = columns.map(column => ({ ...column, name: names.take(nameOf(column.template)) }));
  const errors = named.map(({ error }) => (error === undefined ? undefined : { template: error, name: names.take(nameOf(error)) }));
  const lines = [
    '# Made by magg init. What was guessed is said beside it; check it with: magg validate, then magg run --dry-run.',
    'data_source:',
    '  reader: hdf5',
    '  # More granules of the same kind: paths, URLs or patterns such as "*.h5", seen from the folder of this file.',
    `  granules: [${quoted(granule)}]`,
    ...(pair.groups.length > 0 ? ['  # Each stands for {group} in the paths below; a granule may lack some.', `  groups: [${pair.groups.map(quoted).join(', ')}]`] : []),
    ...otherPairs.map(other => `  # Other coordinates in the file: ${remark(other.latitude)} and ${remark(nameOf(other.longitude))}, ${other.rows} rows.`),
    '  coordinates:',
    `    latitude: ${quoted(pair.latitude)}`,
    `    longitude: ${quoted(pair.longitude)}`,
    '  variables:',
    ...named.flatMap(({ name, template, longName, units }, i) => [
      ...(longName === undefined ? [] : [`    # ${remark(longName)}${units === undefined ? '' : `, in ${remark(units)}`}`]),
      `    ${name}: ${quoted(template)}`,
      ...(errors[i] ? [`    ${errors[i].name}: ${quoted(errors[i].template)}`] : [])
    ]),
    ...some('  # Other columns with as many rows:', otherColumns),
    ...flagLines(flag),
    ...some('  # Other flags:', otherFlags),
    '',
    '# One variable of the store each: a function of a column, or an expression over columns.',
    'aggregation:',
    '  coordinates:',
    '    cell_ids: {dtype: uint64, fill_value: 0}',
    '    morton: {dtype: int64, fill_value: 0}',
    '  variables:',
    '    count:',
    '      function: len',
    `      source: ${named[0]!.name}`,
    '      dtype: int32',
    '      fill_value: 0',
    ...named.flatMap((column, i) => variableLines(column, errors[i]?.name)),
    '',
    '# Cells of equal area; each order more cuts a cell into four: 10 is about 6.4 km, 12 about 1.6 km, 14 about 400 m.',
    'output:',
    '  grid:',
    '    type: healpix',
    '    indexing_scheme: nested',
    '    child_order: 12  # guessed: nothing in the file says how fine it should be',
    '    parent_order: 6  # the pieces that the work is cut into, about 100 km',
    `  store: ${quoted(store)}`,
    ''
  ];
  return lines.join('\n');
}

const MOST_NAMED = 12;

const some = (title: string, templates: readonly string[]): readonly string[] =>
  templates.length === 0 ? [] : [title, ...templates.slice(0, MOST_NAMED).map(template => `  #   ${remark(template)}`), ...(templates.length > MOST_NAMED ? ['  #   and more: magg inspect lists them'] : [])];

function flagLines(flag: ChosenFlag | undefined): readonly string[] {
  if (!flag) return [];
  const { template, good, meanings } = flag;
  const lines = ['  quality_filter:', `    dataset: ${quoted(template)}`, `    value: ${good ?? 0}`];
  const said = meanings === undefined ? [] : [`  # The file says of it: ${remark(meanings)}`];
  return good === undefined
    ? [...said, '  # All rows are kept. To keep only those with one value of this flag, take the # away and put the value that means good:', ...lines.map(line => `  # ${line.slice(2)}`)]
    : ['  # Only rows with this value are kept.', ...said, ...lines];
}

function variableLines({ name, type, units, longName }: ChosenColumn & { readonly name: string }, error: string | undefined): readonly string[] {
  const dtype = /64|int32/.test(type) ? 'float64' : 'float32';
  const one = (suffix: string, what: string, rule: readonly string[]): readonly string[] => [
    `    ${name}_${suffix}:`,
    ...rule.map(line => `      ${line}`),
    `      dtype: ${dtype}`,
    ...(units === undefined ? [] : [`      units: ${quoted(units)}`]),
    ...(longName === undefined ? [] : [`      long_name: ${quoted(`${what} of ${longName}`)}`])
  ];
  return [
    ...one('min', 'minimum', ['function: min', `source: ${name}`]),
    ...one('max', 'maximum', ['function: max', `source: ${name}`]),
    ...one('mean', 'mean', ['function: mean', `source: ${name}`]),
    ...(error === undefined ? [] : ['    # The mean in which precise rows count more.', ...one('weighted', 'weighted mean', ['function: average', `source: ${name}`, 'params:', `  weights: "1.0 / ${error}**2"`])]),
    ...one('std', 'standard deviation', ['function: std', `source: ${name}`])
  ];
}

/** Words that mean something in an expression. */
const TAKEN: ReadonlySet<string> = new Set<string>([...ELEMENTWISE, ...REDUCERS, 'np', 'numpy', 'math', 'and', 'or', 'not', 'if', 'else', 'in', 'is', 'lambda', 'None', 'True', 'False', 'float', 'int', 'len', 'where', 'pi', 'e', 'nan', 'inf', 'count']);

/** Names of columns: words that an expression can hold, each once. */
class Names {
  readonly #used = new Set<string>();

  take(text: string): string {
    const word = text.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    const base = TAKEN.has(word) ? `${word}_` : word;
    let name = base;
    for (let i = 2; this.#used.has(name); i++) name = `${base}_${i}`;
    this.#used.add(name);
    return name;
  }
}
