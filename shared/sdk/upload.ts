/** Bytes on their way up: the one call that tells how far it is and can be given up, which `fetch` cannot in a browser. */
export interface UploadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Blob;
  /** Cookies go along. */
  readonly credentials: boolean;
  readonly signal: AbortSignal;
  /** Bytes sent so far. */
  readonly onProgress: (sent: number) => void;
}
export interface UploadAnswer {
  readonly status: number;
  readonly text: string;
  /** The header's value, if there was one. */
  readonly retryAfter: string | null;
}
/** Sends and gives the answer, whatever its status; rejects where none came, or `signal` ended it. */
export type SendBytes = (request: UploadRequest) => Promise<UploadAnswer>;

/** ms without a byte sent or an answer, after which an upload counts as lost. */
const STALL = 60_000;

/** XMLHttpRequest where there is one, else `fetch`, which tells of progress at its end only. */
export function defaultSendBytes(fetch: typeof globalThis.fetch): SendBytes {
  return typeof XMLHttpRequest === 'undefined' ? overFetch(fetch) : overXhr;
}

function overFetch(fetch: typeof globalThis.fetch): SendBytes {
  return async ({ url, headers, body, credentials, signal, onProgress }) => {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal,
      credentials: credentials ? 'same-origin' : 'omit',
    });
    onProgress(body.size);
    const text = await response.text();
    return { status: response.status, text, retryAfter: response.headers.get('retry-after') };
  };
}

const overXhr: SendBytes = ({ url, headers, body, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const abort = (): void => {
      xhr.abort();
    };
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(abort, STALL);
    };
    xhr.open('POST', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => {
      alive();
      onProgress(event.loaded);
    };
    xhr.onload = () => {
      const { status, responseText: text } = xhr;
      resolve({ status, text, retryAfter: xhr.getResponseHeader('retry-after') });
    };
    xhr.onerror = () => {
      reject(new Error('The connection was lost.'));
    };
    xhr.onabort = () => {
      reject(new Error(signal.aborted ? 'The upload was cancelled.' : 'The upload got stuck.'));
    };
    xhr.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    if (signal.aborted) {
      reject(new Error('The upload was cancelled.'));
      return;
    }
    signal.addEventListener('abort', abort);
    alive();
    xhr.send(body);
  });
