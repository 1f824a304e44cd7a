import type { ServiceCommand } from './service-command.ts';

/** What launchd calls the service. */
export const serviceLabel = 'towline.engine';

/** The comment of a plist that we may write anew or remove. */
export const madeByUs = '<!-- Made by `towline service install`, and made anew by it. -->';

/**
 * The LaunchAgent of the headless engine. launchd can't tell one exit code from another, so it only comes back after a crash: a login
 * that was refused must not be tried again and again.
 */
export function servicePlist({ program, environment }: ServiceCommand, logFile: string): string {
  const entries = Object.entries(environment).flatMap(([name, value]) => [`<key>${xml(name)}</key>`, string(value)]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    madeByUs,
    '<plist version="1.0">',
    '<dict>',
    ...pair('Label', string(serviceLabel)),
    ...pair('ProgramArguments', '<array>', ...program.map((argument) => `  ${string(argument)}`), '</array>'),
    ...(entries.length === 0
      ? []
      : pair('EnvironmentVariables', '<dict>', ...entries.map((entry) => `  ${entry}`), '</dict>')),
    ...pair('RunAtLoad', '<true/>'),
    ...pair('KeepAlive', '<dict>', '  <key>Crashed</key>', '  <true/>', '</dict>'),
    ...pair('ThrottleInterval', '<integer>10</integer>'),
    ...pair('ExitTimeOut', '<integer>10</integer>'),
    ...pair('Umask', '<integer>63</integer>'),
    ...pair('StandardOutPath', string(logFile)),
    ...pair('StandardErrorPath', string(logFile)),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

function pair(key: string, ...value: readonly string[]): string[] {
  return [`  <key>${key}</key>`, ...value.map((line) => `  ${line}`)];
}

function string(text: string): string {
  return `<string>${xml(text)}</string>`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
