export * from './answer.ts';
export * from './apps.ts';
export type { PhoneAction, PollResult, WxErrcode } from './connect.ts';
export * from './errors.ts';
export * from './person.ts';
export * from './platform.ts';
export * from './push.ts';
export * from './server.ts';
export * from './settings.ts';
