import type { Api } from '../client.ts';
import { CommandLine } from '../components/command-line.tsx';
import { useAsked } from '../use-asked.ts';
import { SettingRow, SettingsGroup } from './setting-row.tsx';

const askCommand = (api: Api) => api.engine.command();

/** Where the `towline` command is, and how a shell finds it. */
export function CommandGroup() {
  const [place] = useAsked(askCommand);
  if (place === undefined) return null;
  const { file, onPath, install } = place;
  return (
    <SettingsGroup title="Command line">
      <SettingRow title="The towline command" help={helpOf(file, onPath, install)} />
      {install === undefined ? null : (
        <div className="SettingsGroup-line">
          <CommandLine command={install} />
        </div>
      )}
    </SettingsGroup>
  );
}

function helpOf(file: string | undefined, onPath: string | undefined, install: string | undefined): string {
  if (onPath === undefined)
    return file === undefined
      ? 'Not on the PATH. From a checkout: npm run -s towline'
      : `It is ${file}. This puts it where a shell finds it:`;
  return install === undefined
    ? `On the PATH as ${onPath}`
    : `${onPath} is another one. This takes its place, if ~/.local/bin comes first:`;
}
