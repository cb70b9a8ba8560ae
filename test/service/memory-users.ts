import type { UserStore, WechatIdentity } from '../../src/service/store/index.ts';

interface User {
  readonly userId: string;
  username?: string;
  tokens?: string;
  lastLogin: string;
}

/** Users in memory: for tests of everything but the database, whose start takes seconds. */
export function createMemoryUsers(): UserStore {
  const users = new Map<string, User>();
  const identities = new Map<string, { userId: string; identity: WechatIdentity }>();
  const passwords = new Map<string, { userId: string; passwordHash: string }>();

  function create(): User {
    const user: User = { userId: String(users.size + 1), lastLogin: new Date().toISOString() };
    users.set(user.userId, user);
    return user;
  }

  return {
    async signIn(identity) {
      const key = `${identity.appId} ${identity.openid}`;
      const known =
        identities.get(key) ??
        (identity.unionid === undefined
          ? undefined
          : [...identities.values()].find((other) => other.identity.unionid === identity.unionid));
      const userId = known?.userId ?? create().userId;
      const before = identities.get(key)?.identity;
      identities.set(key, {
        userId,
        identity: {
          ...identity,
          unionid: identity.unionid ?? before?.unionid,
          nickname: identity.nickname ?? before?.nickname,
        },
      });
      return { userId, created: known === undefined };
    },
    async profile(userId) {
      const user = users.get(userId);
      if (user === undefined) return undefined;
      const named = [...identities.values()].filter(
        (other) => other.userId === userId && other.identity.nickname !== undefined,
      );
      return {
        userId,
        nickname: named.at(-1)?.identity.nickname,
        username: user.username,
        lastLogin: user.lastLogin,
      };
    },
    async keepTokens(userId, encrypted) {
      const user = users.get(userId);
      if (user !== undefined) user.tokens = encrypted;
    },
    tokens: async (userId) => users.get(userId)?.tokens,
    passwordOf: async (username) => passwords.get(username),
    async setPassword(username, passwordHash) {
      const userId = passwords.get(username)?.userId ?? create().userId;
      (users.get(userId) as User).username = username;
      passwords.set(username, { userId, passwordHash });
      return userId;
    },
    async touch(userId) {
      const user = users.get(userId);
      if (user !== undefined) user.lastLogin = new Date().toISOString();
    },
    async ping() {},
  };
}
