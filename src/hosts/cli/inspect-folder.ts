import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MaggError } from '../../base/index.js';
import { formatCount } from './summary-text.js';

/** What a folder is that is no store, and what to type; undefined for a store. */
export function notTheStore(path: string): MaggError | undefined {
  const names = readdirSync(path);
  const place = resolve(path);
  const root = rootOf(place);
  const shown = path.replace(/[/\\]+$/, '');
  if (root !== undefined && root !== place) {
    const what = names.includes('c') ? 'an array' : names.includes('zarr.json') ? 'a group' : 'a part';
    const store = resolve(shown) === shown ? root : join(shown, '../'.repeat(place.slice(root.length + 1).split(/[/\\]/).length)).replace(/[/\\]+$/, '');
    return new MaggError('usage', `${path} is ${what} of the store ${basename(root)}; try: magg inspect ${store}`);
  }
  if (names.includes('zarr.json')) return undefined;
  const journal = place.split(/[/\\]/).find(part => part.endsWith('.magg'));
  if (journal !== undefined && existsSync(place.slice(0, place.indexOf(journal)) + journal.slice(0, -'.magg'.length))) {
    return new MaggError('usage', `${path} is the journal of the store ${journal.slice(0, -'.magg'.length)}; try: magg status ${place.slice(0, place.indexOf(journal))}${journal.slice(0, -'.magg'.length)}`);
  }
  const granules = names.filter(name => /\.(h5|hdf5)$/i.test(name)).sort();
  if (granules.length > 0) {
    return new MaggError('usage', `${path} is a folder with ${formatCount(granules.length, 'granule')}; try: magg inspect ${join(shown, granules[0]!)} for one of them, magg catalog --from ${shown} --output cells.json for the cells that they touch`);
  }
  const stores = names.filter(name => existsSync(join(path, name, 'zarr.json'))).sort();
  if (stores.length > 0) return new MaggError('usage', `${path} is a folder with ${formatCount(stores.length, 'store')}; try: magg inspect ${join(shown, stores[0]!)}`);
  return undefined;
}

/** The store that a folder is in: the topmost folder of those above it, without a gap, that are Zarr nodes. */
function rootOf(place: string): string | undefined {
  let root: string | undefined;
  // A chunk's folder has no metadata of its own.
  let at = basename(place) === 'c' ? dirname(place) : place;
  for (; existsSync(join(at, 'zarr.json')); at = dirname(at)) root = at;
  return root;
}
