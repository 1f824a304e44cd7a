import packageJson from '../package.json' with { type: 'json' };

/** Of this Towline, as package.json has it. */
export const version: string = packageJson.version;
