/** One figure as it stands in Prometheus' text format. */
export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^]*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/** Reads the format strictly: what is no sample, no comment and not empty is an error, as is a sample before its TYPE. */
export function readExposition(text: string): ReadSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const typed = new Set<string>();
  const seen = new Set<string>();
  return text.split('\n').flatMap((row) => {
    if (row === '' || row.startsWith('# HELP ')) return [];
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(row)?.[1];
    if (type !== undefined) {
      if (typed.has(type)) throw new Error(`${type} has two types`);
      typed.add(type);
      return [];
    }
    const [, name = '', given = '', value = ''] = line.exec(row) ?? [];
    if (!typed.has(name) && !typed.has(name.replace(/_(bucket|sum|count)$/, '')))
      throw new Error(`not a sample: ${row}`);
    if (seen.has(`${name}{${given}}`)) throw new Error(`told twice: ${row}`);
    seen.add(`${name}{${given}}`);
    if (value !== '+Inf' && !Number.isFinite(Number(value))) throw new Error(`no number: ${row}`);
    return [{ name, labels: readLabels(given), value: value === '+Inf' ? Infinity : Number(value) }];
  });
}

/** The value of the one sample of that name with at least these labels. */
export function valueOf(samples: readonly ReadSample[], name: string, labels: Record<string, string> = {}): number {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  const [one, ...more] = found;
  if (one === undefined || more.length > 0)
    throw new Error(`${found.length} samples of ${name} ${JSON.stringify(labels)}`);
  return one.value;
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (label.lastIndex < text.length) {
    const [, name = '', value = ''] = label.exec(text) ?? [];
    if (name === '') throw new Error(`not labels: ${text}`);
    labels[name] = value.replace(/\\(.)/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}
