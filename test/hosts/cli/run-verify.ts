import { runMagg } from './run-magg.js';

/** What `magg verify --json` says of one group. */
export interface Group {
  readonly child_order: number;
  readonly overview_of: number | null;
  readonly state: string;
  readonly compared_with: readonly string[];
  readonly parents: Readonly<Record<string, number>>;
  readonly problems: readonly { readonly parent: string | null; readonly array: string | null; readonly file: string | null; readonly what: string }[];
  readonly next: string | null;
}

/** `magg verify --json`, whose exit code is the one that it writes. */
export async function verify(path: string, ...more: string[]): Promise<{ readonly code: number; readonly overviews: string | null; readonly groups: readonly Group[] }> {
  const { code, out } = await runMagg(['verify', path, '--json', ...more]);
  const answer = JSON.parse(out) as { exit_code: number; overviews: string | null; groups: Group[] };
  expect(answer.exit_code).toBe(code);
  return { code, overviews: answer.overviews, groups: answer.groups };
}

/** What follows the config in the command that is advised. */
export const wordsOf = (next: string): readonly string[] => /magg run CONFIG (--store \S+(?: --(?:overwrite|redo)(?: --morton-cell -?\d+)*)?)/.exec(next)![1]!.split(' ');

/** All that a run of the example's variables writes as a message where its overviews are 4 and 9: what the former cannot have. */
export const FOLDED_NOTICE = expect.stringMatching(/^the overview of order 4, which is coarser than the parent order 6, has no values of h_sigma, h_variance, h_q25, h_q50, h_q75: .*\n$/) as string;
