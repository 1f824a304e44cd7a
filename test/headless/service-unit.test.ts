import { expect, test } from 'vitest';
import { servicePlist } from '../../headless/service-plist.ts';
import { serviceUnit } from '../../headless/service-unit.ts';

const program = ['/usr/bin/node', '--max-semi-space-size=8', '/usr/lib/towline/towline.js', 'up', '--no-ui'];

/** The value of a key, or of all lines with it. */
function values(unit: string, key: string): string[] {
  return unit.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
}

test('the unit runs the command, comes back after a crash, and not where only a person helps', () => {
  const unit = serviceUnit({ program, environment: {} });
  expect(values(unit, 'ExecStart')).toEqual([program.join(' ')]);
  expect(values(unit, 'Restart')).toEqual(['on-failure']);
  expect(values(unit, 'RestartPreventExitStatus')).toEqual(['2 4']);
  expect(values(unit, 'StartLimitBurst')).toEqual(['10']);
  expect(values(unit, 'WantedBy')).toEqual(['default.target']);
  expect(values(unit, 'Environment')).toEqual([]);
});

test('the unit asks for nothing that an unprivileged manager can not give, such as namespaces', () => {
  const unit = serviceUnit({ program, environment: {} });
  expect(unit).toContain('\nNoNewPrivileges=yes\n');
  expect(unit).not.toMatch(/^(Private|Protect|ReadOnly|Bind|Capability|User=|DynamicUser)/m);
});

test('whatever is in a path or a variable reaches the program as it is', () => {
  const unit = serviceUnit({
    program: ['/a b/100%', '$HOME', 'say "x"', 'c\\d'],
    environment: { TOWLINE_HOME: '/home/$x 50%' },
  });
  expect(values(unit, 'ExecStart')).toEqual(['"/a b/100%%" "$$HOME" "say \\"x\\"" "c\\\\d"']);
  expect(values(unit, 'Environment')).toEqual(['"TOWLINE_HOME=/home/$x 50%%"']);
});

test('the LaunchAgent runs the command at login, and again after a crash alone', () => {
  expect(servicePlist({ program: ['/a&b/node', '<x>'], environment: { TOWLINE_HOME: '/h' } }, '/logs/service.log'))
    .toBe(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Made by \`towline service install\`, and made anew by it. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>towline.engine</string>
  <key>ProgramArguments</key>
  <array>
    <string>/a&amp;b/node</string>
    <string>&lt;x&gt;</string>
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>TOWLINE_HOME</key>
    <string>/h</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>Crashed</key>
    <true/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>10</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  <string>/logs/service.log</string>
  <key>StandardErrorPath</key>
  <string>/logs/service.log</string>
</dict>
</plist>
`);
});
