/** Undoes the shuffle filter: byte k of all values together, k = 0, 1 ... Bytes after the last whole value stay in place. */
export function unshuffle(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const count = Math.floor(bytes.length / elementBytes);
  if (elementBytes === 1 || count <= 1) return bytes;
  const out = new Uint8Array(bytes.length);
  switch (elementBytes) {
    case 2: {
      const words = new Uint16Array(out.buffer, 0, count);
      for (let i = 0; i < count; i++) words[i] = bytes[i]! | (bytes[count + i]! << 8);
      break;
    }
    case 4: {
      const words = new Uint32Array(out.buffer, 0, count);
      for (let i = 0; i < count; i++) words[i] = bytes[i]! | (bytes[count + i]! << 8) | (bytes[2 * count + i]! << 16) | (bytes[3 * count + i]! << 24);
      break;
    }
    case 8: {
      const words = new Uint32Array(out.buffer, 0, 2 * count);
      for (let i = 0; i < count; i++) {
        words[2 * i] = bytes[i]! | (bytes[count + i]! << 8) | (bytes[2 * count + i]! << 16) | (bytes[3 * count + i]! << 24);
        words[2 * i + 1] = bytes[4 * count + i]! | (bytes[5 * count + i]! << 8) | (bytes[6 * count + i]! << 16) | (bytes[7 * count + i]! << 24);
      }
      break;
    }
    default:
      for (let k = 0; k < elementBytes; k++) for (let i = 0; i < count; i++) out[i * elementBytes + k] = bytes[k * count + i]!;
  }
  out.set(bytes.subarray(count * elementBytes), count * elementBytes);
  return out;
}
