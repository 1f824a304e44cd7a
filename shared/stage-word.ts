import type { DeployStage } from './deploy.ts';

const stageWords: Readonly<Record<DeployStage, string>> = {
  packing: 'Reading the project',
  connecting: 'Connecting',
  inspecting: 'Comparing with the host',
  uploading: 'Uploading',
  verifying: 'Verifying what arrived',
  applying: 'Putting the files in place',
  checking: 'Checking the configuration',
  building: 'Pulling and building',
  starting: 'Starting',
  gating: 'Waiting until it works',
  committing: 'Keeping the release',
  restoring: 'Going back to the release before',
};

/** What a deployment does in this stage, in words. */
export function stageWord(stage: DeployStage): string {
  return stageWords[stage];
}
