import { CopyButton } from './copy-button.tsx';

/** A command that can be pasted as it stands. */
export function CommandLine({ command, plain = false }: { readonly command: string; readonly plain?: boolean }) {
  return (
    <div className={plain ? 'CommandLine is-text' : 'CommandLine'}>
      <code title={command}>{command}</code>
      <CopyButton text={command} what="command" word="Copy" />
    </div>
  );
}
