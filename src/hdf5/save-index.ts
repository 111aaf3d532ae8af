import type { DatasetFacts, Storage } from './dataset-facts.js';
import type { SavedDataset, SavedStorage } from './hdf5-index.js';

/** A dataset as {@link parseSavedDataset} takes it back. */
export function saveDataset(facts: DatasetFacts): SavedDataset {
  const { path, shape, stored, bigEndian, chunkShape, filters, plainEdges, fillValue, absent, storage } = facts;
  return {
    path, shape, type: stored, bigEndian, chunkShape, filters, plainEdges,
    fillValue: fillValue === undefined ? null : String(fillValue),
    absent: absent === undefined ? null : toHex(absent),
    storage: saveStorage(storage)
  };
}

function saveStorage(storage: Storage): SavedStorage {
  if (storage.kind === 'compact') return { kind: 'compact', bytes: toHex(storage.bytes) };
  if (storage.kind !== 'listed') return { kind: storage.kind, offset: storage.offset };
  const entries = [...storage.places].sort(([a], [b]) => a - b);
  const isDense = entries.every(([number], i) => number === i);
  const isPlain = entries.every(([, { filterMask }]) => filterMask === 0);
  let end = 0;
  const gaps = entries.map(([, { offset, length }]) => {
    const gap = offset - end;
    end = offset + length;
    return gap;
  });
  return {
    kind: 'listed',
    numbers: isDense ? null : entries.map(([number]) => number),
    gaps,
    lengths: entries.map(([, { length }]) => length),
    masks: isPlain ? null : entries.map(([, { filterMask }]) => filterMask)
  };
}

function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
