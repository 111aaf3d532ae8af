import { MESSAGE, type HeaderMessage } from './object-header.js';
import type { PageCache } from './page-cache.js';

/** What never-written values are, as bytes of one value; undefined means zero. */
export function readFill(pages: PageCache, messages: readonly HeaderMessage[]): Uint8Array | undefined {
  const message = messages.find(m => m.type === MESSAGE.fill) ?? messages.find(m => m.type === MESSAGE.oldFill);
  if (!message || message.shared) return undefined;
  const at = pages.reader(message.data);
  if (message.type === MESSAGE.fill) {
    const version = at.u8();
    if (version < 1 || version > 3) throw pages.damaged(`found a fill value of version ${version}`);
    if (version === 3) {
      if ((at.u8() & 0x20) === 0) return undefined;
    } else {
      const isDefined = at.skip(2).u8() !== 0;
      if (version === 2 && !isDefined) return undefined;
    }
  }
  const bytes = at.slice(at.u32());
  return bytes.length > 0 ? bytes : undefined;
}
