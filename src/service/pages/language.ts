import type { FastifyRequest } from 'fastify';

export type Language = 'en' | 'zh';

/** `?lang=` decides, then what the browser prefers; English if it prefers neither. */
export function languageOf(request: FastifyRequest): Language {
  const { lang } = request.query as { lang?: unknown };
  if (lang === 'en' || lang === 'zh') return lang;
  const preferred = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((part) => part.trim());
  return preferred
    .find((part) => /^(en|zh)\b/i.test(part))
    ?.toLowerCase()
    .startsWith('zh')
    ? 'zh'
    : 'en';
}
