import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';

export interface RiskQuestion {
  readonly userId: string;
  readonly kind: string;
  readonly address: string;
}

/** Asks another service whether a login looks like its user's. Without one, every login does. */
export interface RiskClient {
  /** @returns whether the session may open. @throws {RiskUnknown} when there is no answer */
  allows(question: RiskQuestion): Promise<boolean>;
  close(): void;
}

/** The risk service gave no answer; nobody is let in on a guess. */
export class RiskUnknown extends Error {
  /** gRPC's name of the status, such as `DEADLINE_EXCEEDED`. */
  readonly code: string;

  constructor(cause: ServiceError) {
    super(cause.message, { cause });
    this.name = 'RiskUnknown';
    this.code = status[cause.code] ?? 'UNKNOWN';
  }
}

/** The risk service said no. */
export class RiskDenied extends Error {
  constructor() {
    super('the risk service does not allow this login');
    this.name = 'RiskDenied';
  }
}

export const everybodyAllowed: RiskClient = { allows: async () => true, close() {} };

/** The one method, with JSON messages (`application/grpc+json` on the wire). */
export const RISK_METHOD = '/scanlogin.risk.v1.Risk/Assess';

const encode = (message: unknown) => Buffer.from(JSON.stringify(message));
const decode = (bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as { allow: boolean };

export function createRiskClient(options: {
  readonly address: string;
  readonly deadlineMs: number;
}): RiskClient {
  const client = new Client(options.address, credentials.createInsecure());
  return {
    allows: (question) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          RISK_METHOD,
          encode,
          decode,
          question,
          { deadline: Date.now() + options.deadlineMs },
          (error, answer) => {
            if (error !== null) reject(new RiskUnknown(error));
            else resolve(answer?.allow === true);
          },
        );
      }),
    close: () => client.close(),
  };
}
