import type { RawAttribute } from './attribute.js';
import { textOf } from './byte-cursor.js';
import { countOf } from './dataspace.js';
import { globalHeapObject } from './global-heap.js';
import type { AttributeValue } from './hdf5-file.js';
import { swapBytes, viewAs } from './numeric-array.js';
import type { PageCache } from './page-cache.js';

/** The value of an attribute: a single one for a scalar, a list for a shape. Undefined for other types. */
export function attributeValue(pages: PageCache, { name, type, shape, data }: RawAttribute): AttributeValue | undefined {
  if (type.kind === 'other') return undefined;
  const count = countOf(shape);
  if (count * type.sizeBytes > data.length) throw pages.damaged(`the attribute ${name} has ${data.length} bytes, ${count * type.sizeBytes} expected`);
  const values: (number | bigint | string)[] = [];
  if (type.kind === 'number') {
    const bytes = new Uint8Array(data.subarray(0, count * type.sizeBytes));
    if (type.bigEndian) swapBytes(bytes, type.sizeBytes);
    for (const value of viewAs(type.type, bytes)) values.push(value);
  } else {
    const at = pages.reader(data);
    for (let i = 0; i < count; i++) values.push(type.kind === 'text' ? trimmed(at.slice(type.sizeBytes)) : variableText(pages, at.slice(16)));
  }
  return shape.length === 0 ? values[0] : values;
}

/** Fortran pads with blanks, C with NUL. */
const trimmed = (bytes: Uint8Array): string => textOf(bytes).trimEnd();

function variableText(pages: PageCache, reference: Uint8Array): string {
  const at = pages.reader(reference);
  const length = at.u32();
  const collection = at.address();
  const object = at.u32();
  if (length === 0 || collection === undefined || collection === 0) return '';
  const bytes = globalHeapObject(pages, collection, object);
  if (length > bytes.length) throw pages.damaged(`a text in the heap at ${collection} has ${bytes.length} bytes, ${length} expected`);
  return textOf(bytes.subarray(0, length));
}
