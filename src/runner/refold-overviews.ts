import { isJsonObject, type Abortable, type JsonValue } from '../base/index.js';
import { parseConfigDocument } from '../config/index.js';
import type { ObjectStore } from '../io/index.js';
import { foldAgain, type ChunkDecoders, type ChunkEncoders, type FoldedChunk, type RecordedParent, type StoredGroup } from '../zarr/index.js';
import { foldOf } from './finish-plan.js';
import type { JournalFiles } from './journal.js';
import type { JournalRecord } from './journal-record.js';
import { mortonText } from './plan.js';

export interface RefoldOptions extends Abortable {
  /** The finished group, and its parents. */
  readonly group: StoredGroup;
  readonly records: readonly RecordedParent[];
  readonly files: Pick<JournalFiles, 'plan'>;
  readonly journal: JournalRecord;
  readonly codecs?: ChunkEncoders & ChunkDecoders;
}

/**
 * The overviews coarser than the parents, folded again from what stands in the store as the last run folded them, chunk by
 * chunk; undefined where the journal does not have its config. Throws as `foldAgain` of `src/zarr` does.
 */
export async function refoldOverviews(store: ObjectStore, { group, records, files, journal, ...options }: RefoldOptions): Promise<AsyncGenerator<FoldedChunk> | undefined> {
  const id = journal.runs.flatMap(({ planId }) => planId ?? []).at(-1);
  const text = id === undefined ? undefined : await files.plan(id);
  const config = text === undefined ? undefined : configOf(text);
  if (!config) return undefined;
  const without = records.map(({ parent }) => {
    const cell = journal.cells.get(mortonText(Number(parent), group.parentOrder));
    return cell ? (cell.without ?? []) : 'unknown';
  });
  const { variables, coordinates: { mortonDtype }, compression, grid: { latitude } } = config;
  const layout = {
    parentOrder: group.parentOrder, childOrder: group.childOrder, form: group.form, overviews: group.overviews, parents: records.map(({ parent }) => parent), latitude, mortonDtype, compression,
    variables: variables.map(({ name, dtype, fillValue, bins }) => ({ name, dtype, fillValue, bins }))
  };
  return foldAgain(store, layout, foldOf(variables, without), { ...options, records });
}

function configOf(plan: string): ReturnType<typeof parseConfigDocument>['config'] {
  let document: JsonValue;
  try {
    document = JSON.parse(plan) as JsonValue;
  } catch {
    // Half a file tells nothing; the next run says what to do with it.
    return undefined;
  }
  return isJsonObject(document) ? parseConfigDocument(document.config).config : undefined;
}
