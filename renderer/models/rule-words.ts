import type { Rule } from '../../shared/rule.ts';

/** What a rule is about, for the list: "postgres* on build-01". */
export function ruleSubject({ host, match }: Rule): string {
  const { project, service, container, image, label, port } = match;
  const who = [
    service ?? container ?? image ?? (label === undefined ? undefined : `label ${label}`),
    project === undefined ? undefined : `in ${project}`,
  ];
  const named = who.filter((part) => part !== undefined).join(' ') || 'Any container';
  return `${named}${port === undefined ? '' : `, port ${port}`}${host === undefined ? '' : ` on ${host}`}`;
}

/** What it does about it: "localhost:15432, or not at all". */
export function ruleEffect({ ignore, localPort, bind, policy, unpublished }: Rule): string {
  if (ignore === true) return 'left out';
  const where = bind === undefined ? 'localhost' : bind;
  const port =
    localPort === undefined
      ? bind === undefined
        ? 'the published port'
        : `${where}, the published port`
      : `${where}:${localPort}`;
  const ifTaken = policy === undefined ? '' : policy === 'require' ? ', or not at all' : ', or the next free port';
  return `${port}${ifTaken}${unpublished === true ? ', also where not published' : ''}`;
}

/** The form's fields, all text: what a person is in the middle of writing is not a rule yet. */
export interface RuleDraft {
  readonly host: string;
  readonly container: string;
  readonly project: string;
  readonly image: string;
  readonly port: string;
  readonly action: 'port' | 'default' | 'ignore';
  readonly localPort: string;
  readonly policy: '' | 'remap' | 'require';
  readonly unpublished: boolean;
}

export function draftOf(rule: Rule): RuleDraft {
  const { match } = rule;
  return {
    host: rule.host ?? '',
    container: match.service ?? match.container ?? '',
    project: match.project ?? '',
    image: match.image ?? '',
    port: match.port === undefined ? '' : String(match.port),
    action: rule.ignore === true ? 'ignore' : rule.localPort === undefined ? 'default' : 'port',
    localPort: rule.localPort === undefined ? '' : String(rule.localPort),
    policy: rule.policy ?? '',
    unpublished: rule.unpublished === true,
  };
}

/** The draft as a rule; `base` keeps what the form does not show. Undefined while a number is not one. */
export function ruleOf(draft: RuleDraft, base: Rule): Rule | undefined {
  const port = portOf(draft.port);
  const localPort = draft.action === 'port' ? localPortOf(draft.localPort) : undefined;
  if (port === 'invalid' || localPort === 'invalid' || (draft.action === 'port' && localPort === undefined))
    return undefined;
  const byService = base.match.service !== undefined;
  const { label } = base.match;
  const text = (key: string, value: string): Record<string, string> =>
    value.trim() === '' ? {} : { [key]: value.trim() };
  return {
    ...text('host', draft.host),
    match: {
      ...text(byService ? 'service' : 'container', draft.container),
      ...text('project', draft.project),
      ...text('image', draft.image),
      ...(label === undefined ? {} : { label }),
      ...(port === undefined ? {} : { port }),
    },
    ...(base.bind === undefined ? {} : { bind: base.bind }),
    ...(draft.action === 'ignore' ? { ignore: true } : {}),
    ...(localPort === undefined ? {} : { localPort }),
    ...(draft.policy === '' || draft.action === 'ignore' ? {} : { policy: draft.policy }),
    ...(draft.unpublished && draft.action !== 'ignore' ? { unpublished: true } : {}),
  };
}

function portOf(text: string): number | string | undefined {
  if (text.trim() === '') return undefined;
  const range = /^(\d{1,5})\s*-\s*(\d{1,5})$/.exec(text.trim());
  if (range !== null) return `${range[1]}-${range[2]}`;
  return localPortOf(text);
}

/** A port number, nothing, or not one. */
export function localPortOf(text: string): number | 'invalid' | undefined {
  if (text.trim() === '') return undefined;
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : 'invalid';
}
