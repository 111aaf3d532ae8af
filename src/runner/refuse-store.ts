import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { inspectStore, type StoreDifference } from '../zarr/index.js';
import type { Plan } from './plan.js';
import { openLayout } from './store-layout.js';

/**
 * Throws before anything is read when the run must not write to the store: `not-a-store` for files of somebody else,
 * `store-differs` and `store-exists` for a group of ours that is not to be replaced.
 */
export async function refuseStore(store: ObjectStore, plan: Plan, overwrite: boolean, options: Abortable): Promise<void> {
  const state = await inspectStore(store, openLayout(plan), options);
  switch (state.kind) {
    case 'nothing':
    case 'no-group':
      return;
    case 'foreign':
      throw new MaggError('not-a-store', `${store.name} holds ${state.found}; it is no store of magg and is left as it is. Choose another --store`);
    case 'group': {
      if (overwrite) return;
      const group = `the group ${plan.childOrder} of ${store.name}`;
      if (state.differences.length > 0) {
        throw new MaggError('store-differs', `${group} was written for another run: ${state.differences.map(difference).join('; ')}. Replace it with --overwrite, or choose another --store`);
      }
      throw new MaggError('store-exists', `${group} exists${state.finished ? '' : ' and is not finished'}, with the same grid and variables. Replace it with --overwrite, or choose another --store`);
    }
  }
}

const difference = ({ name, expected, found }: StoreDifference): string => `${name}: expected ${expected}, found ${found}`;
