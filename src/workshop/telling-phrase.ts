/** What changes from line to line and so cannot be part of a rule. */
const VARIABLE =
  /https?:\/\/\S+|"[^"]*"|(?<!\p{L})'[^']*'|`[^`]*`|\[[^\]]*\]|\{[^}]*\}|<[^>]*>|[\w.-]{1,64}@[\w.-]+|[\x21-\x7e]*\d[\x21-\x7e]*|[\w.-]{1,64}=\S*|[\x21-\x7e]{25,}/gu;

/** Words of loggers, not of messages. */
const LEVELS = /\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|SEVERE)\b/g;

/** Words that many harmless lines have. */
const PLAIN = new Set(
  'a an the of in on at for to from with and or is was be been has have not no after before'.split(
    ' ',
  ),
);

const MAX_WORDS = 6;

/**
 * The part of a log message that most likely names its kind: the longest run of words without
 * numbers, ids, quotes and addresses, cut to a few words. Log text in, log text out.
 * @returns undefined when nothing telling is left.
 */
export function tellingPhrase(message: string): string | undefined {
  const runs = message
    .replace(VARIABLE, '\n')
    .replace(LEVELS, '\n')
    .split(/[\n\r,;:|()\u3001\u3002\uff0c\uff1a\uff1b\uff08\uff09]+/)
    .map((run) => run.trim().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''))
    .filter((run) => worthOf(run) > 0);
  const best = runs.reduce<string | undefined>(
    (known, run) => (known === undefined || worthOf(run) > worthOf(known) ? run : known),
    undefined,
  );
  return best?.split(/\s+/).slice(0, MAX_WORDS).join(' ');
}

/** Letters in words that say something; a Chinese character says as much as a few letters. */
function worthOf(run: string): number {
  let worth = 0;
  for (const word of run.split(/\s+/)) {
    if (PLAIN.has(word.toLowerCase())) continue;
    for (const c of word) worth += /\p{Script=Han}/u.test(c) ? 3 : 1;
  }
  return worth >= 6 ? worth : 0;
}
