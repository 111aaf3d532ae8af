import { openHdf5, type Fallback, type Hdf5File, type NumericType } from '../../hdf5/index.js';
import { nodeCodecs } from '../../hdf5/codecs.node.js';
import { openSource } from '../../io/open-source.node.js';

/** A dataset of numbers with one value per row. */
export interface Column {
  readonly path: string;
  readonly rows: number;
  readonly type: NumericType;
}

/** What of an attribute `flag_values` and `flag_meanings` say, and what a value is. */
export interface Notes {
  readonly units: string | undefined;
  readonly longName: string | undefined;
  readonly flagValues: readonly number[];
  readonly flagMeanings: readonly string[];
}

/** What a config could be made of. */
export interface Survey {
  /** Product, such as ATL06, where the file says one. */
  readonly shortName: string | undefined;
  readonly columns: readonly Column[];
  readonly notes: (path: string) => Promise<Notes>;
}

/** Looks through a granule, and gives what `use` makes of it. Throws what the file throws. */
export async function surveyGranule<T>(path: string, fallback: Fallback, use: (survey: Survey) => Promise<T>): Promise<T> {
  const file = await openHdf5(openSource(path), { codecs: nodeCodecs, fallback });
  try {
    const nodes = await file.walk('/');
    const { short_name: one, identifier_product_type: other } = await file.attributes('/');
    const shortName = [one, other].flat().find(value => typeof value === 'string');
    const columns = nodes.flatMap((node): readonly Column[] =>
      node.kind === 'dataset' && node.shape.length === 1 && node.type !== 'text' && node.type !== 'other' ? [{ path: node.path, rows: node.shape[0]!, type: node.type }] : []
    );
    return await use({ shortName, columns, notes: column => notesOf(file, column) });
  } finally {
    await file.close();
  }
}

async function notesOf(file: Hdf5File, path: string): Promise<Notes> {
  const { units, long_name: longName, flag_values: values, flag_meanings: meanings } = await file.attributes(path);
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);
  return {
    units: text(units),
    longName: text(longName),
    flagValues: [values ?? []].flat().map(Number).filter(Number.isFinite),
    flagMeanings: text(meanings)?.split(/\s+/) ?? []
  };
}
