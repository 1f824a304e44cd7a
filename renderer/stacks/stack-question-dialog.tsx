import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import type { StackQuestion } from './stack-commands.ts';

/** What is asked before a stack goes back or is forgotten; the safe answer is the first. */
export function StackQuestionDialog({
  question,
  onClose,
}: {
  readonly question: StackQuestion;
  readonly onClose: () => void;
}) {
  const { act } = useApp();
  const { stack } = question;
  const isRemoval = question.kind === 'remove';
  const take = (): void => {
    onClose();
    if (question.kind === 'remove') void act((api) => api.stacks.remove({ stack }));
    else {
      const to = question.release === undefined ? {} : { to: question.release };
      void act((api) => api.deploy.begin({ action: 'rollback', stack, ...to }));
    }
  };
  return (
    <Dialog
      title={isRemoval ? `Remove ${stack} from the list?` : `Roll ${stack} back?`}
      onDismiss={onClose}
      onSubmit={onClose}
      foot={
        <>
          <Button variant="danger" onClick={take}>
            {isRemoval ? `Remove ${stack}` : 'Roll back'}
          </Button>
          <span className="Toolbar-gap" />
          <Button variant="primary" type="submit" data-autofocus>
            {isRemoval ? 'Keep it' : 'Stay with this release'}
          </Button>
        </>
      }
    >
      <p className="Dialog-text">
        {isRemoval
          ? 'Towline forgets where it is. What runs on its host goes on running, and its files stay there and here.'
          : `${
              question.kind === 'roll-back' && question.release !== undefined
                ? `The release ${question.release} comes back`
                : 'The release before this one comes back'
            } with its files and images, and has to prove that it works. Data in volumes stays as it is.`}
      </p>
    </Dialog>
  );
}
