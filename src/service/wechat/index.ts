export * from './cgi-bin.ts';
export * from './http.ts';
export * from './push.ts';
export * from './retry.ts';
export * from './signature.ts';
export * from './sns.ts';
export * from './token-centre.ts';
export * from './wechat-error.ts';
