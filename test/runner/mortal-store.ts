import type { ObjectStore } from '../../src/io/index.js';

/** A store and a journal that die at write number `n`, in the middle of it; nothing is written after. */
export function mortal(store: ObjectStore, n: number): { readonly store: ObjectStore; readonly strike: () => void } {
  let left = n;
  const strike = (): void => {
    if (left-- <= 0) throw new Error('killed');
  };
  return {
    strike,
    store: {
      ...store,
      put: async (key, data, options) => {
        if (left === 0 && !key.endsWith('zarr.json')) await store.put(key, data.subarray(0, data.length >> 1), options);
        strike();
        await store.put(key, data, options);
      },
      delete: async (key, options) => {
        strike();
        await store.delete(key, options);
      }
    }
  };
}
