import { MaggError } from '../../base/index.js';
import { assertCell, parseMortonDecimal, parseMortonWord } from '../../grid/index.js';

/** Nested ids of `--morton-cell`: decimal morton, `word:` or `nested:`; undefined when none are given. Throws `usage`, `morton`, `cell`. */
export function chosenCells(texts: readonly string[], parentOrder: number): readonly number[] | undefined {
  return texts.length === 0 ? undefined : texts.map(text => Number(cellId(text, parentOrder)));
}

function cellId(text: string, parentOrder: number): bigint {
  const [, form, digits] = /^(nested|word):(\d{1,20})$/.exec(text) ?? [];
  if (form === 'nested') {
    assertCell(BigInt(digits!), parentOrder);
    return BigInt(digits!);
  }
  const cell = form === 'word' ? parseMortonWord(BigInt(digits!)) : parseMortonDecimal(text);
  if (cell.order !== parentOrder) {
    throw new MaggError('usage', `--morton-cell ${text} is a cell of order ${cell.order}, the cells of this run are of order ${parentOrder}; magg run --dry-run lists them`);
  }
  return cell.id;
}
