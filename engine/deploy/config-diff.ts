import { parse } from 'yaml';
import type { ConfigChange } from '../../shared/deployment.ts';

/** What differs between two configurations as Compose renders them, setting by setting: `services.web.image`. Nothing is masked. */
export function diffConfigs(before: string, after: string): ConfigChange[] {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path): ConfigChange[] => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was === is) return [];
    return [{ path, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

/** Every value of a YAML document by its path; the entries of a list by their number. */
function settingsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
      for (const [name, inner] of Object.entries(value)) walk(inner, path === '' ? name : `${path}.${name}`);
    } else if (path !== '') found.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  };
  walk(parse(text, { merge: true, logLevel: 'silent' }), '');
  return found;
}
