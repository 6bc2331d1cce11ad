import { Counter, type Registry } from 'prom-client';
import type { AttachmentObserver } from './services/attachments/index.ts';

/** What is counted of files. */
export function attachmentObserver(registry: Registry): AttachmentObserver {
  const registers = [registry];
  const uploads = new Counter({
    name: 'parley_uploads_total',
    help: 'Uploads that ended, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const bytes = new Counter({
    name: 'parley_file_bytes_total',
    help: 'Bytes of files, by direction',
    labelNames: ['direction'],
    registers,
  });
  const swept = new Counter({
    name: 'parley_files_swept_total',
    help: 'Files removed since nobody can reach them: broken uploads, unsent, deleted',
    registers,
  });
  return {
    uploaded: (outcome) => uploads.inc({ outcome }),
    received: (count) => bytes.inc({ direction: 'in' }, count),
    sentOut: (count) => bytes.inc({ direction: 'out' }, count),
    swept: (files) => swept.inc(files),
  };
}
