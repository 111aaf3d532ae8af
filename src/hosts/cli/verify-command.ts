import { MaggError } from '../../base/index.js';
import { folderStore } from '../../io/folder-store.node.js';
import { JournalReader, type JournalStanding } from '../../runner/journal-reader.node.js';
import { printable, type CliHost } from './cli-host.js';
import { Counter } from './counter.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { groupStatus } from './group-status.js';
import { nextStep, titleOf } from './status-text.js';
import { overviewsOf, storeGroups, type StoreGroup } from './store-groups.js';
import { formatCount, formatNumber } from './summary-text.js';
import { adviceFor } from './verify-advice.js';
import { verifyFolded } from './verify-folded.js';
import { verifyGroup, type Problem, type Verdict } from './verify-group.js';

export interface VerifyOptions {
  /** Child order. */
  readonly group?: number;
  readonly json?: boolean;
}

const MOST_PROBLEMS = 20;
/** Where nothing says what the values of overviews must be: they are looked at, and no more. */
const NOT_COMPARED = 'readable, values not compared';

/** A group or an overview, and what to do about it. */
interface Found {
  readonly verdict: Verdict;
  readonly next: string | undefined;
}

/** `magg verify`: 0 everything is there and right; 3 what is there is right, but not everything is there; 1 something is wrong. */
export async function verifyCommand(path: string, { group: only, json = false }: VerifyOptions, host: CliHost): Promise<ExitCode> {
  const store = folderStore(path);
  const main = storeGroups(path).filter(({ childOrder }) => only === undefined || childOrder === only);
  if (main.length === 0) throw new MaggError('usage', `${path} has no group ${only}; its groups are ${storeGroups(path).map(({ childOrder }) => childOrder).join(', ')}`);
  const counter = new Counter(host);
  const found: Found[] = [];
  try {
    await host.withInterrupt(async signal => {
      for (const group of main) {
        const { childOrder } = group;
        const journal = journalOf(path, childOrder);
        const open = await neverWritten(path, group, journal);
        if (open) {
          found.push({ verdict: open, next: open.nothing!.next });
          continue;
        }
        const verify = (order: number, of?: Verdict): Promise<Verdict> =>
          verifyGroup(order, { store, path, journal: journal?.record.cells, main: of, signal, onParent: (done, of) => counter.show(`${order}/: ${formatNumber(done)} of ${formatCount(of, 'parent')} looked at`) });
        const own = withRoot(await verify(childOrder), group);
        const overviews: Verdict[] = [];
        for (const order of overviewsOf(path, group)) overviews.push(await verify(order, own));
        const finer = overviews.filter(verdict => verdict.childOrder >= own.parentOrder);
        const folded = await verifyFolded(own, finer, overviews.filter(verdict => verdict.childOrder < own.parentOrder), { store, path, journal, signal });
        const all = [own, ...folded, ...finer] as const;
        const advice = all.some(({ problems }) => problems.length > 0) ? adviceFor(path, group, all, journal !== undefined) : undefined;
        for (const verdict of all) found.push({ verdict, next: (verdict.problems.length > 0 || (verdict === own && !own.finished) ? advice : undefined) ?? nextOf(path, verdict) });
      }
    });
  } finally {
    counter.end();
  }
  const code = exitCodeOf(found.map(({ verdict }) => verdict));
  if (json) host.out(`${JSON.stringify(verifyJson(path, found, code))}\n`);
  else for (const one of found) host.out(`${verdictLines(path, one).map(printable).join('\n')}\n`);
  return code;
}

/** Of a group of which a run that was cut off has written nothing that counts. */
async function neverWritten(path: string, group: StoreGroup, journal: JournalStanding | undefined): Promise<Verdict | undefined> {
  const { childOrder, parentOrder = childOrder, exists, hasNode, hasChunks } = group;
  if (exists || hasNode || hasChunks) return undefined;
  const status = await groupStatus(path, group, journal);
  if (status.state !== 'failed') return undefined;
  const { planned, ...cells } = status.cells;
  return {
    childOrder, parentOrder, overviewOf: null, finished: false, against: [], unproven: null, chunks: [], problems: [], isPartial: false, withValues: new Map(),
    parents: { data: 0, partial: 0, outdated: 0, unknown: 0, empty: cells.empty, failed: cells.failed, 'not-computed': planned === null ? 0 : planned - cells.empty - cells.failed },
    nothing: { why: titleOf(status), next: nextStep(path, status)?.replace(/^next: /, '') }
  };
}

/** Without its root nothing of the store is found by other programs, whatever stands in its groups. */
function withRoot(verdict: Verdict, { hasRoot }: StoreGroup): Verdict {
  if (hasRoot || verdict.problems.some(({ file }) => file === 'zarr.json')) return verdict;
  return { ...verdict, problems: [{ parent: null, array: null, file: 'zarr.json', redo: false, what: 'of the store is not there or damaged' }, ...verdict.problems] };
}

function nextOf(path: string, verdict: Verdict): string | undefined {
  if (verdict.overviewOf !== null || !isIncomplete(verdict)) return undefined;
  return verdict.finished ? `magg status ${path} says what is missing and why` : `magg run CONFIG --store ${path} (with the config of before) goes on where it ended`;
}

/** The journal of a group; undefined without a run in it. Throws `locked` while a run writes the group: what it writes next would count as damage. */
function journalOf(path: string, childOrder: number): JournalStanding | undefined {
  const journal = new JournalReader(path, childOrder).read();
  if (journal?.holder !== undefined) throw new MaggError('locked', `${journal.holder} is writing ${path}; wait for it to end (magg status ${path} --watch), then verify`);
  return journal && journal.record.runs.length > 0 ? journal : undefined;
}

const isIncomplete = ({ finished, parents, isPartial }: Verdict): boolean => !finished || isPartial || parents.partial + parents.outdated + parents.failed + parents['not-computed'] > 0;

function exitCodeOf(verdicts: readonly Verdict[]): ExitCode {
  if (verdicts.some(({ problems }) => problems.length > 0)) return EXIT.failed;
  return verdicts.some(isIncomplete) ? EXIT.partial : EXIT.ok;
}

function verdictLines(path: string, { verdict, next }: Found): readonly string[] {
  const { childOrder, overviewOf, parents, problems, against, unproven, finished } = verdict;
  const right = unproven === null ? 'right' : NOT_COMPARED;
  const what = problems.length > 0 ? 'damaged' : !isIncomplete(verdict) ? right : finished ? `${right}${unproven === null ? ', but' : ';'} not complete` : `${right} so far, not finished`;
  const words: readonly (readonly [number, string])[] = [
    [parents.data, 'with data'], [parents.empty, 'empty'], [parents.partial, 'without the rows of failed reads'], [parents.outdated, 'with the values of an earlier run'], [parents.failed, 'failed'], [parents['not-computed'], 'not computed'], [parents.unknown, 'without values']
  ];
  const counts = words.filter(([count]) => count > 0).map(([count, text]) => `${formatNumber(count)} ${text}`).join(', ');
  const total = words.reduce((sum, [count]) => sum + count, 0);
  const lines = [`${path} ${childOrder}/${overviewOf === null ? '' : ` (overview of ${overviewOf}/)`}: ${verdict.nothing?.why ?? what}`, `  ${formatCount(total, 'parent')}: ${counts || 'none'}`];
  const sources = against.map(source => SOURCES[source]).join(' and ');
  if (against.length > 0) lines.push(`  values compared with ${sources}`);
  else if (overviewOf === null && !verdict.nothing) lines.push('  nothing tells what the values should be: chunks were decoded, ids compared');
  if (unproven !== null) lines.push(`  values not compared: ${unproven}`);
  for (const problem of problems.slice(0, MOST_PROBLEMS)) lines.push(`  ${problemText(problem)}`);
  if (problems.length > MOST_PROBLEMS) lines.push(`  ... and ${formatNumber(problems.length - MOST_PROBLEMS)} more; --json lists them`);
  if (next !== undefined) lines.push(`  next: ${next}`);
  return lines;
}

const SOURCES: Readonly<Record<Verdict['against'][number], string>> = { parents: "the store's own record", journal: 'the journal', cells: 'what the finer cells give when they are folded again' };

function problemText({ parent, array, file, what }: Problem): string {
  const subject = [...(parent === null ? [] : [`parent ${parent}`]), ...(array === null ? [] : [array])].join(', ');
  return file !== null && what.startsWith(file) ? `${subject}${subject === '' ? '' : ': '}${what}` : `${subject || file!} ${what}`;
}

function verifyJson(path: string, found: readonly Found[], code: ExitCode): unknown {
  const overviews = found.filter(({ verdict }) => verdict.overviewOf !== null);
  return {
    store: path,
    exit_code: code,
    overviews: overviews.length === 0 ? null : overviews.some(({ verdict }) => verdict.problems.length > 0) ? 'damaged' : overviews.some(({ verdict }) => verdict.unproven !== null) ? NOT_COMPARED : 'right',
    groups: found.map(({ verdict, next }) => {
      const { childOrder, parentOrder, overviewOf, finished, against, unproven, parents, problems, isPartial } = verdict;
      return {
        child_order: childOrder, parent_order: parentOrder, overview_of: overviewOf, state: problems.length > 0 ? 'damaged' : isIncomplete(verdict) ? 'incomplete' : unproven === null ? 'right' : 'readable', finished,
        partial: isPartial, compared_with: against, not_compared: unproven,
        parents: { data: parents.data, empty: parents.empty, partial: parents.partial, outdated: parents.outdated, failed: parents.failed, not_computed: parents['not-computed'], unknown: parents.unknown }, problems, next: next ?? null
      };
    })
  };
}
