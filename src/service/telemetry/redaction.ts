/** Parameters and members whose values open something. */
const SECRET_NAMES =
  'secret|appsecret|app_secret|code|state|access_token|refresh_token|token|ticket|scene|scene_str|openid|unionid|password|signature';

const IN_QUERY = new RegExp(`\\b(${SECRET_NAMES})=[^&\\s"'<>]+`, 'gi');
const IN_JSON = new RegExp(`("(?:${SECRET_NAMES})"\\s*:\\s*)"[^"]*"?`, 'gi');

/** Blots secrets out of text that came from elsewhere: URLs, error messages, answers. */
export function redactText(text: string): string {
  return text.replace(IN_QUERY, '$1=…').replace(IN_JSON, '$1"…"');
}

/** Attributes that hold a URL or its query: WeChat's have the app's secret in them. */
const URL_ATTRIBUTES = /^(url\.(full|path|query)|http\.(url|target))$/;

/** A URL is known by its path; whatever follows `?` goes. */
export function redactAttribute<T>(name: string, value: T): T | string {
  if (typeof value !== 'string') return value;
  return URL_ATTRIBUTES.test(name) ? value.replace(/[?#].*$/s, '') : redactText(value);
}
