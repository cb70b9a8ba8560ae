/** What WeChat pushes when somebody meets one of the account's codes. */
export interface ScanPush {
  /** `SCAN` by a follower, `subscribe` by somebody who follows from now on. */
  readonly event: 'SCAN' | 'subscribe';
  readonly openid: string;
  /** The account's own name, from which the answer comes. */
  readonly account: string;
  readonly createTime: string;
  readonly scene: string;
  readonly ticket: string | undefined;
}

const SCENE_PREFIX = 'qrscene_';

/** One element with plain or CDATA text; entities stay as they are, so none can be expanded. */
function elementOf(xml: string, name: string): string | undefined {
  const match = new RegExp(
    `<${name}>\\s*(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))\\s*</${name}>`,
  ).exec(xml);
  return match?.[1] ?? match?.[2]?.trim();
}

/** @returns undefined for every other message, which is none of a login's business. */
export function parseScanPush(xml: string): ScanPush | undefined {
  const event = elementOf(xml, 'Event');
  const key = elementOf(xml, 'EventKey');
  const openid = elementOf(xml, 'FromUserName');
  const account = elementOf(xml, 'ToUserName');
  const createTime = elementOf(xml, 'CreateTime');
  if (!key || !openid || !account || !createTime) return undefined;
  const common = { openid, account, createTime, ticket: elementOf(xml, 'Ticket') };
  if (event === 'SCAN') return { ...common, event, scene: key };
  if (event === 'subscribe' && key.startsWith(SCENE_PREFIX)) {
    return { ...common, event, scene: key.slice(SCENE_PREFIX.length) };
  }
  return undefined;
}

/** A text message back to the person who scanned. */
export function textReply(push: ScanPush, text: string, nowMs: number): string {
  return `<xml><ToUserName>${cdata(push.openid)}</ToUserName><FromUserName>${cdata(push.account)}</FromUserName><CreateTime>${Math.floor(nowMs / 1000)}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>${cdata(text)}</Content></xml>`;
}

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
