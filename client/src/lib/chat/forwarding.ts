import type { Attachment, Message } from '../../../../shared/wire/rest.ts';
import { kindOf } from './attachments.ts';

/** Pictures that stand in a row, and other files that are named; where there are more their count takes the last place. */
const PICTURES = 6;
const NAMED = 3;

/** Whether there is anything of it to send on: words, files, or both. */
export function mayForward({ kind, deletedAt }: Pick<Message, 'kind' | 'deletedAt'>): boolean {
  return kind === 'text' && deletedAt === undefined;
}

/** The files of a message as a dialog has room for them: pictures to be drawn, and the others by name as far as that goes. */
export interface Along {
  readonly pictures: readonly Attachment[];
  readonly morePictures: number;
  readonly named: readonly Attachment[];
  readonly moreFiles: number;
}

export function filesAlong(attachments: readonly Attachment[]): Along {
  const [pictures, morePictures] = upTo(
    PICTURES,
    attachments.filter((one) => kindOf(one) === 'image'),
  );
  const [named, moreFiles] = upTo(
    NAMED,
    attachments.filter((one) => kindOf(one) !== 'image'),
  );
  return { pictures, morePictures, named, moreFiles };
}

/** The first of them, and how many are left. */
function upTo(places: number, all: readonly Attachment[]): readonly [readonly Attachment[], number] {
  if (all.length <= places) return [all, 0];
  return [all.slice(0, places - 1), all.length - places + 1];
}
