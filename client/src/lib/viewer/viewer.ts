import PhotoSwipe, { type SlideData } from 'photoswipe';
import 'photoswipe/style.css';
import type { Attachment } from '../../../../shared/wire/rest.ts';
import { attachmentUrl } from '../chat/attachments.ts';

/** A picture that does not say its size. */
const UNKNOWN = { width: 1_600, height: 1_200 } as const;

/** Opens the pictures over everything, at one of them; the browser's back closes it. */
export function openViewer(images: readonly Attachment[], id: string): void {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const viewer = new PhotoSwipe({
    dataSource: images.map(slide),
    index: Math.max(
      0,
      images.findIndex((image) => image.id === id),
    ),
    showHideAnimationType: isStill ? 'none' : 'fade',
    loop: false,
    bgOpacity: 0.94,
    preload: [1, 1],
    closeTitle: 'Close',
    zoomTitle: 'Zoom',
    arrowPrevTitle: 'Previous picture',
    arrowNextTitle: 'Next picture',
    errorMsg: 'This picture cannot be loaded.',
    mainClass: 'parley-viewer',
  });
  viewer.on('uiRegister', () => {
    addDownload(viewer, images);
  });
  closeOnBack(viewer);
  viewer.init();
  viewer.element?.setAttribute('aria-label', 'Pictures');
}

function slide(image: Attachment): SlideData {
  const { width, height } =
    image.width && image.height ? { width: image.width, height: image.height } : UNKNOWN;
  return {
    src: attachmentUrl(image.id),
    msrc: attachmentUrl(image.id, true),
    width,
    height,
    alt: image.name,
  };
}

function addDownload(viewer: PhotoSwipe, images: readonly Attachment[]): void {
  viewer.ui?.registerElement({
    name: 'download',
    order: 8,
    isButton: true,
    tagName: 'a',
    title: 'Download',
    ariaLabel: 'Download',
    html: {
      isCustomSVG: true,
      inner:
        '<path d="M20.5 14.3 17.1 18V10h-2.2v7.9l-3.4-3.6L10 16l6 6.1 6-6.1ZM23 23H9v2h14Z" id="pswp__icn-download"/>',
      outlineID: 'pswp__icn-download',
    },
    onInit: (element) => {
      const link = element as HTMLAnchorElement;
      viewer.on('change', () => {
        const image = images[viewer.currIndex];
        if (image === undefined) return;
        link.href = attachmentUrl(image.id);
        link.download = image.name;
      });
    },
  });
}

/** The viewer is a place of its own in the history, and leaves none behind. */
function closeOnBack(viewer: PhotoSwipe): void {
  const stop = new AbortController();
  let isBack = false;
  history.pushState({ ...(history.state as object | null) }, '');
  window.addEventListener(
    'popstate',
    () => {
      isBack = true;
      viewer.close();
    },
    { signal: stop.signal },
  );
  viewer.on('destroy', () => {
    stop.abort();
    if (!isBack) history.back();
  });
}
