/** The field lookup that the vectors' own description states. */
export function flatEvent(event: unknown): Record<string, unknown> {
  const { Event } = event as { Event: Record<string, Record<string, unknown> | undefined> };
  const fields: Record<string, unknown> = {};
  const put = (name: string, value: unknown): void => {
    const key = name.replaceAll(' ', '');
    if (!Object.hasOwn(fields, key)) fields[key] = value;
  };
  const walk = (name: string, value: unknown): void => {
    if (value === null || typeof value !== 'object') {
      put(name, value);
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '#attributes') walk(key, inner);
      else for (const [attribute, text] of Object.entries(inner)) put(`${name}_${attribute}`, text);
    }
  };
  for (const section of ['EventData', 'UserData', 'System']) {
    if (Event[section] !== undefined) walk(section, Event[section]);
  }
  return fields;
}
