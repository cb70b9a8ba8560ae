import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

export interface PageHeaderOptions {
  /** Browsers reach the service by https. */
  readonly secure: boolean;
  /** Whose pages may stand in ours. */
  readonly frames: string;
}

/**
 * The headers that tell browsers what pages of the service may do. None depends on the request, so
 * helmet is asked once for all.
 */
export function pageHeaders({
  secure,
  frames,
}: PageHeaderOptions): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const collecting = {
    setHeader(name: string, value: string) {
      headers[name.toLowerCase()] = value;
    },
    removeHeader() {},
  };
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'frame-src': [frames],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // The way back from WeChat carries code and state; nobody further down needs to know.
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure,
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  })({} as IncomingMessage, collecting as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
