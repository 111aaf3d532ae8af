import { MaggError, toErrorRecord } from '../base/index.js';
import { loadLibrary, stopsLibrary } from './full-library.js';
import type { LibraryAnswer, LibraryQuestion, LibraryReply } from './library-messages.js';
import { LibraryReader } from './library-reader.js';

/**
 * The work of a worker that runs the full library: one open file, one question at a time. What is returned takes the questions.
 * @param reply sends to the owner; the buffers of `transfer` move with it
 */
export function serveLibrary(reply: (message: LibraryReply, transfer: ArrayBuffer[]) => void): (question: LibraryQuestion) => Promise<void> {
  let reader: LibraryReader | undefined;
  return async question => {
    try {
      const library = await loadLibrary();
      reply({ type: 'taken' }, []);
      let answer: LibraryAnswer;
      if (question.kind === 'open') reader = LibraryReader.open(library, question.name, question.bytes);
      else if (!reader) throw new MaggError('internal', `expected an open file before the question ${question.kind}`);
      else answer = reader.answer(question);
      reply({ type: 'answer', answer }, buffersOf(answer));
    } catch (error) {
      reply({ type: 'failed', error: toErrorRecord(error), isBroken: stopsLibrary(error) }, []);
    }
  };
}

/** Memory of arrays of numbers, each of which is alone in its own. */
function buffersOf(answer: LibraryAnswer): ArrayBuffer[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((value: unknown) => (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : []));
}
