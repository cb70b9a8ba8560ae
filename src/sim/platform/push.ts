import { createHash, randomBytes } from 'node:crypto';
import { openidOf, type Person } from './person.ts';
import type { PlatformSettings } from './settings.ts';

/** What came of telling the service of a scan. */
export interface PushResult {
  readonly attempts: number;
  /** What the account said back to the person, if it said anything. */
  readonly reply: string | undefined;
  readonly delivered: boolean;
}

export interface ScanEvent {
  readonly person: Person;
  readonly scene: string;
  readonly ticket: string;
  /** Whether the person followed the account before. */
  readonly follower: boolean;
}

/** How a push gets to the service; all of it as it should be without. */
export interface PushMeans {
  /** Brings one push over. */
  readonly deliver?: (url: string, push: RequestInit) => Promise<Response>;
  /** Signs it, in place of the account's own. */
  readonly token?: string;
}

/** Tells the service of a scan: five seconds for the answer, then again, up to three times. */
export async function pushScan(
  settings: PlatformSettings,
  event: ScanEvent,
  means: PushMeans = {},
): Promise<PushResult> {
  const { appId, pushUrl, pushToken } = settings.officialAccount;
  const { deliver = fetch, token = pushToken } = means;
  if (pushUrl === undefined) return { attempts: 0, reply: undefined, delivered: false };
  const body = scanXml(event, openidOf(event.person, appId), settings.now());
  for (let attempts = 1; ; attempts++) {
    try {
      const response = await deliver(signedUrl(pushUrl, token, settings.now()), {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body,
        signal: AbortSignal.timeout(settings.pushTimeoutMs),
      });
      const text = await response.text();
      if (response.ok) return { attempts, reply: contentOf(text), delivered: true };
    } catch {
      // The same as a refusal: the platform tries again.
    }
    if (attempts > settings.pushRetries) return { attempts, reply: undefined, delivered: false };
  }
}

/** The address with the platform's proof that the push is its own. */
export function signedUrl(pushUrl: string, pushToken: string, nowMs: number): string {
  const timestamp = String(Math.floor(nowMs / 1000));
  const nonce = String(randomBytes(4).readUInt32BE());
  const signature = createHash('sha1')
    .update([pushToken, timestamp, nonce].sort().join(''))
    .digest('hex');
  const url = new URL(pushUrl);
  url.search = new URLSearchParams({ signature, timestamp, nonce }).toString();
  return url.toString();
}

/** `SCAN` by a follower; somebody new follows first, and the scene comes with a prefix. */
export function scanXml(event: ScanEvent, openid: string, nowMs: number): string {
  const key = event.follower ? event.scene : `qrscene_${event.scene}`;
  return `<xml><ToUserName><![CDATA[gh_simulated]]></ToUserName>
<FromUserName><![CDATA[${openid}]]></FromUserName>
<CreateTime>${Math.floor(nowMs / 1000)}</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[${event.follower ? 'SCAN' : 'subscribe'}]]></Event>
<EventKey><![CDATA[${key}]]></EventKey>
<Ticket><![CDATA[${event.ticket}]]></Ticket>
</xml>`;
}

function contentOf(xml: string): string | undefined {
  return /<Content><!\[CDATA\[([\s\S]*?)\]\]><\/Content>/.exec(xml)?.[1];
}
