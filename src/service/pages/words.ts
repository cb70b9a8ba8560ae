import type { FlowState } from '../login-flow/index.ts';
import type { Language } from './language.ts';

/** Every word a person reads, in both languages. */
export interface Words {
  readonly title: string;
  readonly logIn: string;
  readonly scanWithWechat: string;
  readonly officialAccount: string;
  readonly website: string;
  readonly transport: string;
  readonly transports: Readonly<Record<'sse' | 'socket' | 'long' | 'short', string>>;
  readonly newCode: string;
  readonly openPhone: string;
  readonly codeAlt: string;
  readonly frameTitle: string;
  readonly needsScript: string;
  readonly states: Readonly<Record<FlowState, string>>;
  readonly loading: string;
  readonly broken: string;
  readonly denied: string;
  readonly secondsLeft: string;
  readonly profile: string;
  readonly user: string;
  readonly name: string;
  readonly unnamed: string;
  readonly lastLogin: string;
  readonly logOut: string;
  readonly renew: string;
  readonly confirmTitle: string;
  readonly confirmAsk: string;
  readonly app: string;
  readonly device: string;
  readonly place: string;
  readonly time: string;
  readonly confirmWarning: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly confirmed: string;
  readonly cancelled: string;
  readonly noticeTitle: string;
  readonly notices: Readonly<Record<string, string>>;
  readonly otherNotice: string;
  readonly tryAgain: string;
  readonly otherLanguage: string;
}

const en: Words = {
  title: 'Scan login',
  logIn: 'Log in',
  scanWithWechat: 'Scan the code with WeChat',
  officialAccount: 'Official account',
  website: 'Website app',
  transport: 'Status over',
  transports: {
    sse: 'server-sent events',
    socket: 'WebSocket',
    long: 'long poll',
    short: 'short poll',
  },
  newCode: 'New code',
  openPhone: 'Scan with the simulated phone',
  codeAlt: 'QR code for logging in',
  frameTitle: 'WeChat’s page with the QR code',
  needsScript: 'This page needs JavaScript to show the code.',
  states: {
    waiting: 'Waiting for the scan',
    scanned: 'Scanned. Please confirm on your phone',
    confirmed: 'Confirmed. Logging in',
    completed: 'Logged in',
    cancelled: 'Cancelled on the phone',
    expired: 'The code has run out',
    failed: 'The login failed',
  },
  loading: 'Fetching a code',
  broken: 'The service cannot be reached. Please try again',
  denied: 'You refused the login in WeChat',
  secondsLeft: 'seconds left',
  profile: 'Profile',
  user: 'User',
  name: 'Name',
  unnamed: 'not told',
  lastLogin: 'Last login',
  logOut: 'Log out',
  renew: 'Ask WeChat again',
  confirmTitle: 'Is it you who is logging in?',
  confirmAsk: 'A browser wants to log in with your WeChat account:',
  app: 'Service',
  device: 'Device',
  place: 'Network address',
  time: 'Time',
  confirmWarning:
    'Confirm only if you see this code on your own screen right now. If somebody sent it to you, cancel.',
  confirm: 'Confirm login',
  cancel: 'Cancel',
  confirmed: 'Confirmed. Go on in your browser.',
  cancelled: 'Cancelled. Nobody was logged in.',
  noticeTitle: 'That did not work',
  notices: {
    state:
      'This login was not begun in this browser, took too long, or was used before. Please begin again.',
    login_failed: 'The login could not be finished. Please try again.',
    decided: 'This link was used before or has run out.',
    not_found: 'There is no such page.',
    unavailable: 'The service is not available right now. Please try again in a moment.',
  },
  otherNotice: 'Something went wrong. Please try again.',
  tryAgain: 'Try again',
  otherLanguage: '中文',
};

const zh: Words = {
  title: '扫码登录',
  logIn: '登录',
  scanWithWechat: '请用微信扫描二维码',
  officialAccount: '公众号',
  website: '网站应用',
  transport: '状态通道',
  transports: { sse: '服务器推送', socket: 'WebSocket', long: '长轮询', short: '短轮询' },
  newCode: '换一个二维码',
  openPhone: '用模拟手机扫码',
  codeAlt: '登录二维码',
  frameTitle: '微信的二维码页面',
  needsScript: '显示二维码需要启用 JavaScript。',
  states: {
    waiting: '等待扫码',
    scanned: '已扫码，请在手机上确认',
    confirmed: '已确认，正在登录',
    completed: '登录成功',
    cancelled: '已在手机上取消',
    expired: '二维码已过期',
    failed: '登录失败',
  },
  loading: '正在获取二维码',
  broken: '无法连接服务，请重试',
  denied: '您在微信中拒绝了登录',
  secondsLeft: '秒后过期',
  profile: '个人资料',
  user: '用户',
  name: '昵称',
  unnamed: '未提供',
  lastLogin: '上次登录',
  logOut: '退出登录',
  renew: '重新从微信获取',
  confirmTitle: '是您本人在登录吗？',
  confirmAsk: '有浏览器请求使用您的微信登录：',
  app: '服务',
  device: '设备',
  place: '网络地址',
  time: '时间',
  confirmWarning: '仅当您正看着自己屏幕上的二维码时才确认。如果二维码是别人发来的，请取消。',
  confirm: '确认登录',
  cancel: '取消',
  confirmed: '已确认，请回到浏览器。',
  cancelled: '已取消，没有人登录。',
  noticeTitle: '操作未成功',
  notices: {
    state: '此次登录不是在本浏览器发起的，或已超时、已使用过。请重新登录。',
    login_failed: '登录未能完成，请重试。',
    decided: '该链接已使用或已过期。',
    not_found: '页面不存在。',
    unavailable: '服务暂时不可用，请稍后重试。',
  },
  otherNotice: '出了点问题，请重试。',
  tryAgain: '重试',
  otherLanguage: 'English',
};

export const WORDS: Readonly<Record<Language, Words>> = { en, zh };
