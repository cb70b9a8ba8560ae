/**
 * Ids that tie the lines of one login together, strongest first.
 * `session.id`, openid and client address are no members: they outlive a login.
 */
export const ID_NAMESPACES = [
  'login.flow.id',
  'login.qrcode_id',
  'login.ticket',
  'login.scene',
  'login.state',
  'login.code',
  'trace_id',
  'request_id',
] as const;

export type IdNamespace = (typeof ID_NAMESPACES)[number];

/** Namespaces from here on are shared infrastructure: they extend a login but never start one. */
export const FIRST_CARRIER_NAMESPACE: number = ID_NAMESPACES.indexOf('trace_id');
