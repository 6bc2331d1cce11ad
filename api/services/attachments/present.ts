import type { Attachment } from '../../../shared/wire/rest.ts';
import type { StoredAttachment } from '../../store/attachments.ts';

/** A file as messages hold it and people see it. */
export function presentAttachment(stored: StoredAttachment): Attachment {
  const { id, name, type = '', size = 0, width, height, duration, waveform } = stored;
  return {
    id,
    name,
    type,
    size,
    ...(width === undefined || height === undefined ? {} : { width, height }),
    ...(duration === undefined ? {} : { duration }),
    ...(waveform === undefined ? {} : { waveform }),
  };
}
