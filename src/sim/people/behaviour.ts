/** The apps that people log in through. */
export type QrKind = 'website' | 'official_account';

/** What people do other than scan and confirm. */
export const BEHAVIOURS = [
  /** Lets the code run out. */
  'never',
  /** Closes the page before anything is scanned. */
  'leave',
  /** Scans and never decides. */
  'dither',
  /** Cancels on the phone. */
  'cancel',
  /** Cancels, scans again and confirms. */
  'rescan',
  /** Refuses the scope (website). */
  'deny',
  /** Asks for a fresh code before scanning. */
  'refresh',
] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];
