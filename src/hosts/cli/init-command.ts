import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MaggError } from '../../base/index.js';
import { granuleId, parseGranuleName } from '../../catalog/index.js';
import { builtInConfig, parseConfig } from '../../config/index.js';
import { nodeLibrary } from '../../hdf5/node-library.node.js';
import { printable, type CliHost } from './cli-host.js';
import { configText, type ChosenColumn, type ChosenFlag } from './config-text.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { coordinatePairs, errorColumn, flagColumns, nameOf, valueColumns, type CoordinatePair } from './guess-columns.js';
import { formatCount } from './summary-text.js';
import { reasonOf } from './read-text.js';
import { surveyGranule, type Survey } from './survey-granule.js';
import { namedFrom } from './write-catalog.js';

export interface InitOptions {
  readonly output?: string;
  readonly yes?: boolean;
}

/** `magg init`: a config from a granule. Asks only where there is a choice and somebody to make it. */
export async function initCommand(granule: string, { output, yes = false }: InitOptions, host: CliHost): Promise<ExitCode> {
  const stem = granuleId(granule).replace(/\.(h5|hdf5|nc)$/i, '') || 'granule';
  const path = output ?? `${stem}.magg.yaml`;
  assertNew(path);
  const ask = yes ? undefined : host.ask;
  const named = namedFrom(path, granule);
  const { text, lines } = await surveyGranule(granule, nodeLibrary(host.libraryUrl), async survey => builtIn(survey, named, stem) ?? (await guessed(survey, named, stem, granule, ask)));
  const { config, diagnostics } = parseConfig(text, { fileName: path });
  if (!config) throw new Error(`the config made from ${granule} is not valid: ${diagnostics.map(({ message }) => message).join('; ')}\n${text}`);
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    throw new MaggError('usage', `${path} could not be written: ${reasonOf(cause)}; choose another --output`, { cause });
  }
  for (const line of [...lines, `wrote ${path}; next: magg run ${path} --dry-run, or edit it and check it with magg validate ${path}`]) host.out(`${printable(line)}\n`);
  return EXIT.ok;
}

function assertNew(path: string): void {
  if (existsSync(path)) throw new MaggError('usage', `${path} exists and is left as it is; choose another --output, or remove it`);
  if (!existsSync(dirname(resolve(path)))) throw new MaggError('usage', `the folder of --output ${path} does not exist; make it first`);
}

interface Made {
  readonly text: string;
  readonly lines: readonly string[];
}

/** The built-in config of a known product, if the granule is built as that expects. */
function builtIn({ shortName, columns }: Survey, granule: string, stem: string): Made | undefined {
  const product = shortName ?? parseGranuleName(stem)?.shortName;
  const text = product === undefined ? undefined : builtInConfig(product.toLowerCase());
  const source = text === undefined ? undefined : parseConfig(text).config?.source;
  if (text === undefined || !source) return undefined;
  const paths = new Set(columns.map(({ path }) => path));
  const groups = (source.groups ?? ['']).filter(group => paths.has(source.latitude.dataset.replaceAll('{group}', group)));
  if (groups.length === 0) return undefined;
  const granules = `  # More granules of the same kind: paths, URLs or patterns such as "*.h5", seen from the folder of this file.\n  granules: [${JSON.stringify(granule)}]\n`;
  return {
    text: `${text.replace(/^data_source:\n/m, start => start + granules).trimEnd()}\n  store: ${JSON.stringify(`${stem}.zarr`)}\n`,
    lines: [`${product}: the built-in config ${product!.toLowerCase()}; of its groups the granule has ${groups.join(', ')}`]
  };
}

type Ask = NonNullable<CliHost['ask']>;

async function guessed(survey: Survey, named: string, stem: string, granule: string, ask: Ask | undefined): Promise<Made> {
  const pairs = coordinatePairs(survey.columns).filter(pair => valueColumns(pair).length > 0);
  if (pairs.length === 0) {
    throw new MaggError('usage', `no config can be made from ${granule}: it has no two datasets of one dimension that are named like latitude and longitude, with others as long; magg inspect lists what it holds, docs/config.md says how to write a config`);
  }
  const pair = pairs.length === 1 || !ask ? pairs[0]! : pairs[await choice(ask, 'Which coordinates?', pairs.map(pairText))]!;
  const values = valueColumns(pair);
  const best = values.filter(({ score }) => score === values[0]!.score);
  const chosen = best.length === 1 || !ask ? best[0]! : best[await choice(ask, 'Statistics of which column?', best.map(({ template }) => template))]!;
  const notes = await survey.notes(firstPath(pair, chosen.template));
  const column: ChosenColumn = { template: chosen.template, type: chosen.type, units: notes.units, longName: notes.longName, error: errorColumn(pair, chosen.template) };
  const flags = await flagsOf(survey, pair);
  const flag = flags.find(({ good }) => good !== undefined) ?? flags[0];
  const text = configText({
    granule: named, store: `${stem}.zarr`, pair, otherPairs: pairs.filter(other => other !== pair), columns: [column],
    otherColumns: values.map(({ template }) => template).filter(template => template !== column.template && template !== column.error),
    flag, otherFlags: flags.filter(other => other !== flag).map(({ template }) => template)
  });
  return { text, lines: [pairText(pair), `statistics of ${chosen.template}${flag?.good === undefined ? '' : `, where ${flag.template} is ${flag.good}`}`] };
}

const pairText = ({ latitude, longitude, groups, rows }: CoordinatePair): string =>
  `${latitude} and ${nameOf(longitude)}, ${formatCount(rows, 'row')}${groups.length > 0 ? ` in ${formatCount(groups.length, 'group')} (${groups.slice(0, 6).join(', ')}${groups.length > 6 ? ', ...' : ''})` : ''}`;

const firstPath = ({ groups }: CoordinatePair, template: string): string => template.replace('{group}', groups[0] ?? '{group}');

const GOOD = /^(good|best|valid|ok|nominal|accepted|reliable|high)/i;

async function flagsOf(survey: Survey, pair: CoordinatePair): Promise<readonly ChosenFlag[]> {
  const flags: ChosenFlag[] = [];
  for (const template of flagColumns(pair)) {
    const { flagValues, flagMeanings } = await survey.notes(firstPath(pair, template));
    const isTold = flagValues.length > 0 && flagValues.length === flagMeanings.length;
    const place = flagMeanings.findIndex(meaning => GOOD.test(meaning));
    flags.push({ template, good: isTold && place >= 0 ? flagValues[place] : undefined, meanings: isTold ? flagValues.map((value, i) => `${value} ${flagMeanings[i]!}`).join(', ') : undefined });
  }
  return flags;
}

const MOST_ATTEMPTS = 3;

/** The place of what the user chooses; the first without an answer. Throws `usage` for answers that are none of the numbers. */
async function choice(ask: Ask, question: string, options: readonly string[]): Promise<number> {
  const list = options.map((option, i) => `  ${i + 1}  ${printable(option)}\n`).join('');
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const answer = (await ask(`${question}\n${list}1 to ${options.length} [1]: `)).trim();
    if (answer === '') return 0;
    const number = Number(answer);
    if (Number.isInteger(number) && number >= 1 && number <= options.length) return number - 1;
  }
  throw new MaggError('usage', `expected a number from 1 to ${options.length}; nothing was written. With --yes the likeliest is taken`);
}
