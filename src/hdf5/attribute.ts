import { readBtreeV2 } from './btree-v2.js';
import { grouped } from './damage.js';
import { readDataspace } from './dataspace.js';
import { readDatatype, type Datatype } from './datatype.js';
import { FractalHeap } from './fractal-heap.js';
import { MESSAGE, type HeaderMessage } from './object-header.js';
import type { PageCache } from './page-cache.js';

/** An attribute whose value is still bytes; see {@link attributeValue}. */
export interface RawAttribute {
  readonly name: string;
  readonly type: Datatype;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const NAME_INDEX = 8;
const HEAP_ID_BYTES = 8;
const MAX_ATTRIBUTES = 100_000;

/** The attribute messages of an object: those in its header and those in its fractal heap. */
export function attributeMessages(pages: PageCache, messages: readonly HeaderMessage[]): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const { type, data } of messages) {
    if (type === MESSAGE.attribute) found.push(data);
    else if (type === MESSAGE.attributeInfo) {
      const at = pages.reader(data).skip(1);
      at.skip(at.u8() & 1 ? 2 : 0);
      const heapAddress = at.address();
      const index = at.address();
      if (heapAddress === undefined || index === undefined) continue;
      pages.want([{ offset: heapAddress, length: 146 }, { offset: index, length: 38 }]);
      const heap = new FractalHeap(pages, heapAddress);
      const records = readBtreeV2(pages, index, NAME_INDEX, heap.hint);
      if (records.length > MAX_ATTRIBUTES) throw pages.damaged(`an object has ${grouped(records.length)} attributes`);
      for (const record of records) found.push(heap.object(pages.reader(record).slice(HEAP_ID_BYTES)));
    }
  }
  return found;
}

/** The name of an attribute message: all that is needed to pass over it. */
export function attributeName(pages: PageCache, message: Uint8Array): string {
  return open(pages, message).name;
}

/** An attribute message, versions 1 to 3. */
export function readAttribute(pages: PageCache, message: Uint8Array): RawAttribute {
  const { at, name, flags, typeBytes, spaceBytes, pad } = open(pages, message);
  const type = readDatatype(pages, { shared: (flags & 1) !== 0, data: at.slice(pad(typeBytes)) });
  const { shape } = readDataspace(pages, at.slice(pad(spaceBytes)));
  return { name, type, shape, data: at.slice(at.left) };
}

function open(pages: PageCache, message: Uint8Array) {
  const at = pages.reader(message);
  const version = at.u8();
  if (version < 1 || version > 3) throw pages.damaged(`found an attribute of version ${version}`);
  const flags = version === 1 ? at.u8() & 0 : at.u8();
  const nameBytes = at.u16();
  const typeBytes = at.u16();
  const spaceBytes = at.u16();
  if (version === 3) at.skip(1);
  const pad = (length: number): number => (version === 1 ? Math.ceil(length / 8) * 8 : length);
  const name = at.text(pad(nameBytes));
  return { at, name, flags, typeBytes, spaceBytes, pad };
}
