import type { Answer, PlatformCall } from '../platform/index.ts';

/** Spoils the answer to one call; the platform has acted on the call where `proceed` was used. */
export type Spoil = (
  call: PlatformCall,
  proceed: () => Promise<Answer>,
) => Promise<Answer | 'handled'>;

const WIRE_FAULTS = [
  'wx.stall',
  'wx.slow_body',
  'wx.reset',
  'wx.close',
  'wx.truncate',
  'wx.garbage',
  'wx.html',
] as const;

export type WireFault = (typeof WIRE_FAULTS)[number];

/** What can happen to an answer on its way. */
export const SPOILS: Record<WireFault, { readonly spoil: Spoil; readonly says: string }> = {
  'wx.stall': {
    says: 'the call was never answered',
    spoil: async () => 'handled',
  },
  'wx.slow_body': {
    says: 'the answer stopped in its middle',
    async spoil({ response }, proceed) {
      const { body, type } = await proceed();
      response.writeHead(200, { 'content-type': type, 'content-length': body.length });
      response.write(body.slice(0, body.length / 2));
      return 'handled';
    },
  },
  'wx.reset': {
    says: 'the connection was reset',
    async spoil({ request }) {
      request.socket.resetAndDestroy();
      return 'handled';
    },
  },
  'wx.close': {
    says: 'the connection was closed without an answer',
    async spoil({ request }) {
      request.socket.end();
      return 'handled';
    },
  },
  'wx.truncate': {
    says: 'the connection was closed in the middle of the answer',
    async spoil({ response }, proceed) {
      const { body, type } = await proceed();
      response.writeHead(200, { 'content-type': type, 'content-length': body.length });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
      return 'handled';
    },
  },
  'wx.garbage': {
    says: 'something that is not HTTP was answered',
    async spoil({ request }) {
      request.socket.end('220 smtp.example.net ESMTP ready\r\n\r\n');
      return 'handled';
    },
  },
  'wx.html': {
    says: 'a page was answered in place of JSON',
    spoil: async () => ({
      status: 200,
      type: 'text/html; charset=utf-8',
      body: '<!doctype html><title>Sign in to the network</title><h1>Welcome, guest</h1>',
    }),
  },
};

export function isWireFault(id: string): id is WireFault {
  return id in SPOILS;
}
