import { MaggError } from '../base/index.js';
import { grouped } from './damage.js';
import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

/** A superblock of version 2 or 3, without its checksum. */
const NEW_BYTES = 44;
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Finds the superblock (at 0, 512, 1024, 2048 ...), sets the base of the pages, and returns the address of the root group.
 * Throws `not-hdf5`, and `damaged-file` for a file that is shorter than it says.
 */
export function readSuperblock(pages: PageCache): number {
  pages.base = findSignature(pages);
  const at = pages.cursorUpTo(0, 96).skip(8);
  const version = at.u8();
  if (version > 3) throw pages.damaged(`found superblock version ${version}, 0 to 3 are known`);
  if (version < 2) at.skip(4);
  const widths = [at.u8(), at.u8()];
  if (widths[0] !== 8 || widths[1] !== 8) throw new OffFastPath(`addresses and lengths of ${widths.join(' and ')} bytes`);
  if (version >= 2) pages.assertSum(0, NEW_BYTES);
  if (version < 2) at.skip(version === 0 ? 9 : 13).skip(8 + 8); // ranks, flags, base address; free space
  else at.skip(1 + 8 + 8); // flags, base address, extension
  const end = at.u64();
  if (end > pages.sizeBytes) throw pages.damaged(`it is ${grouped(pages.sizeBytes)} bytes long, ${grouped(end)} expected`);
  if (version < 2) at.skip(8 + 8); // driver information; name of the root in no heap
  const root = at.address();
  if (root === undefined) throw pages.damaged('its superblock names no root group');
  return root;
}

function findSignature(pages: PageCache): number {
  pages.base = 0;
  for (let offset = 0; offset + SIGNATURE.length <= pages.sizeBytes; offset = offset === 0 ? 512 : offset * 2) {
    const found = pages.bytes(offset, SIGNATURE.length);
    if (SIGNATURE.every((byte, i) => found[i] === byte)) return offset;
  }
  const found = pages.sizeBytes === 0 ? 'is empty' : 'is not an HDF5 file: it lacks the HDF5 signature';
  throw new MaggError('not-hdf5', `${pages.name} ${found}. Download it again (a login page saved under this name is a usual cause), or take it off the list.`, {
    context: { granule: pages.name, file: pages.name }
  });
}
