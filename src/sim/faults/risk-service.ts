import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { RISK_METHOD, type RiskQuestion } from '../../service/index.ts';

/** `stall` never answers, `deny` says no. */
export type RiskAnswer = 'allow' | 'deny' | 'stall';

export interface RiskService {
  readonly address: string;
  close(): void;
}

/** The gRPC service that is asked before a session opens. It knows logins by their address. */
export async function startRiskService(
  answerTo: (address: string) => RiskAnswer,
): Promise<RiskService> {
  const server = new Server();
  const assess: handleUnaryCall<RiskQuestion, { allow: boolean }> = ({ request }, reply) => {
    const answer = answerTo(request.address);
    if (answer !== 'stall') reply(null, { allow: answer === 'allow' });
  };
  server.addService(
    {
      assess: {
        path: RISK_METHOD,
        requestStream: false,
        responseStream: false,
        requestSerialize: encode,
        requestDeserialize: decode<RiskQuestion>,
        responseSerialize: encode,
        responseDeserialize: decode<{ allow: boolean }>,
      },
    },
    { assess },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

const encode = (message: unknown) => Buffer.from(JSON.stringify(message));

function decode<T>(bytes: Buffer): T {
  return JSON.parse(bytes.toString('utf8')) as T;
}
