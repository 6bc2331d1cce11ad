import type { Attachment } from '../../../../../shared/wire/rest.ts';
import type { App } from '../../state/app.svelte.ts';

/** Opens the viewer at one of the pictures; it is loaded when it is first wanted. */
export function openPicture(app: App, pictures: readonly Attachment[], picture: Attachment): void {
  import('../../viewer/viewer.ts')
    .then(({ openViewer }) => {
      openViewer(pictures, picture.id);
    })
    .catch((error: unknown) => {
      app.notify.failure(error);
    });
}
