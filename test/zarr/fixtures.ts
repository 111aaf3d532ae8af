import { foldedLayouts, overviewLayouts, valuesPerCell, type ChunkValues, type StoreLayout } from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { base, fold, formValues, writeForm } from './forms.js';

const small: StoreLayout = {
  ...base,
  parentOrder: 1,
  childOrder: 3,
  parents: [0n, 9n, 20n],
  variables: [base.variables[0]!, base.variables[1]!, base.variables[3]!]
};

/** Small stores for the readers of other programs. Their parents are among those of the forms, with the same states. */
const stores: Readonly<Record<string, StoreLayout>> = {
  'dense with shards, gzip and overviews': { ...small, innerOrder: 2, compression: 'gzip', mortonDtype: 'uint64', overviews: [0, 2] },
  'full sphere, uncompressed, spherical latitude': { ...small, form: 'full-sphere', latitude: 'spherical', variables: small.variables.slice(0, 1) }
};

type Plain = string | number;

/**
 * The stores as JSON: every object, metadata as they are, bytes in base64; and what a reader must find. Numbers of 64 bits and those that
 * JSON lacks are texts.
 */
export async function formatFixtures(): Promise<unknown> {
  const told: Record<string, unknown> = {};
  for (const [name, layout] of Object.entries(stores)) {
    const store = new FakeStore();
    const records = await writeForm(store, layout);
    const metadata: Record<string, unknown> = {};
    const chunks: Record<string, string> = {};
    for (const key of [...store.objects.keys()].sort()) {
      if (key.endsWith('zarr.json')) metadata[key] = store.json(key);
      else chunks[key] = Buffer.from(store.objects.get(key)!).toString('base64');
    }
    const parents = layout.parents.map((parent, i) => {
      const { state, observations, cellsWithData, hash } = records[i]!;
      return { parent: String(parent), state, observations, cells_with_data: cellsWithData, content_hash: hash ?? null };
    });
    const values = Object.fromEntries([layout, ...overviewLayouts(layout)].map(of => [of.childOrder, valuesOf(of)]));
    const folded = foldedLayouts(layout, fold.notes).map(({ childOrder, parents: of }) => ({ order: childOrder, parents: of.map(String) }));
    told[name] = { metadata, chunks, expected: { group: String(layout.childOrder), parents, values, folded } };
  }
  return told;
}

/** Per variable and parent: what its cells hold, cell by cell, a histogram's bins within the cell. */
function valuesOf(of: StoreLayout): Record<string, Record<string, readonly Plain[]>> {
  return Object.fromEntries(of.variables.map((variable, v) => {
    const byParent = of.parents.map(parent => [String(parent), plain(formValues(of, parent)[v]!)] as const);
    if (byParent[0]![1].length !== 4 ** (of.childOrder - of.parentOrder) * valuesPerCell(variable)) throw new Error(variable.name);
    return [variable.name, Object.fromEntries(byParent)];
  }));
}

const plain = (values: ChunkValues): readonly Plain[] =>
  Array.from(values as Iterable<number | bigint>, value => (typeof value === 'bigint' ? String(value) : Number.isNaN(value) ? 'NaN' : value));
