// The least that Fastify can do: one route that answers as much as a status does.
import fastify from 'fastify';

const app = fastify({ logger: false });
app.get('/', async () => ({
  state: 'waiting',
  version: 1,
  expiresInMs: 3_599_000,
  pollIntervalMs: 0,
  over: false,
  claimable: false,
}));
await app.listen({ host: '127.0.0.1', port: 0 });
process.stderr.write(`listening on http://127.0.0.1:${app.server.address().port}\n`);
