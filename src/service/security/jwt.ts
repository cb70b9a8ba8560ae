import { type JWTHeaderParameters, errors as joseErrors, jwtVerify, SignJWT } from 'jose';

export interface JwtKey {
  readonly kid: string;
  readonly secret: Uint8Array;
}

export interface JwtOptions {
  /** The first signs, all verify: a new key goes in front, the old stays until its tokens are gone. */
  readonly keys: readonly [JwtKey, ...JwtKey[]];
  readonly issuer: string;
  readonly ttlMs: number;
  readonly now: () => number;
}

/** Clocks of two instances may differ by this much. */
const TOLERANCE_S = 5;

const ALGORITHM = 'HS256';

/** Access tokens: signed, short-lived, checked without any store. */
export interface AccessTokens {
  readonly expiresInS: number;
  sign(userId: string): Promise<string>;
  /** @returns the user's id. @throws {TokenRejected} */
  verify(token: string): Promise<string>;
}

/** A token that does not hold. `reason` is jose's code, such as `ERR_JWT_EXPIRED`. */
export class TokenRejected extends Error {
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TokenRejected';
    this.reason = reason;
  }
}

export function createAccessTokens(options: JwtOptions): AccessTokens {
  const { keys, issuer, ttlMs, now } = options;
  const keyOf = ({ kid }: JWTHeaderParameters | { kid?: string }) => {
    const key = keys.find((candidate) => candidate.kid === kid);
    if (key === undefined) throw new TokenRejected('ERR_KEY_UNKNOWN', 'signed with an unknown key');
    return key.secret;
  };
  return {
    expiresInS: Math.floor(ttlMs / 1000),
    sign(userId) {
      const issuedAtS = Math.floor(now() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, kid: keys[0].kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(issuer)
        .setSubject(userId)
        .setIssuedAt(issuedAtS)
        .setNotBefore(issuedAtS)
        .setExpirationTime(issuedAtS + Math.floor(ttlMs / 1000))
        .sign(keys[0].secret);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keyOf, {
          // Never what the token itself asks for.
          algorithms: [ALGORITHM],
          issuer,
          audience: issuer,
          clockTolerance: TOLERANCE_S,
          currentDate: new Date(now()),
          requiredClaims: ['sub', 'exp', 'nbf', 'iat'],
        });
        return payload.sub as string;
      } catch (error) {
        if (error instanceof joseErrors.JOSEError) {
          throw new TokenRejected(error.code, error.message, error);
        }
        throw error;
      }
    },
  };
}
