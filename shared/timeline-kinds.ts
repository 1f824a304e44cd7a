/** What a timeline tells of; apart from the schemas, which a command line has no need to load. */
export const timelineKinds = [
  'connection',
  'docker',
  'events',
  'container',
  'forward',
  'deployment',
  'prompt',
  'alert',
] as const;
