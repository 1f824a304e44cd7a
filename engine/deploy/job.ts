import type { FileChange } from '../../shared/deploy.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Stack } from '../../shared/stack.ts';
import type { ArchiveInput } from './archive.ts';
import { archiveSize } from './archive.ts';
import { diffManifests, formatManifest, type Manifest } from './manifest.ts';
import { planChange } from './plan.ts';
import { refuseEarly } from './refusal.ts';
import type { Project } from './stack.ts';
import type { Survey } from './survey.ts';

/** What is sent to the host to make a release of its own. */
export interface Shipment {
  readonly archive: ArchiveInput;
  readonly size: number;
  readonly changes: readonly FileChange[];
}

/** What a run is about: a new release from this machine, or an old one that the host has kept. */
export interface Job {
  /** Compose files and build mode, as parameters of the remote program. */
  readonly parameters: { readonly files: string; readonly build: string };
  /** The release that the host must show first; throws `release-unknown` if there is none to go back to. */
  wanted(survey: Survey): string | undefined;
  /** Throws what keeps it from being done on this host. */
  ship(survey: Survey): Promise<Shipment>;
}

/** `hashing` goes on while the host is being asked; whoever ships awaits it. */
export function newRelease(stack: Stack, project: Project, hashing: Promise<Manifest>, noCache: boolean): Job {
  hashing.catch(() => undefined);
  const build = noCache ? 'no-cache' : 'yes';
  return {
    parameters: { files: project.composeFiles.join('\n'), build: project.builds ? build : '' },
    wanted: () => undefined,
    async ship(survey) {
      const manifest = await hashing;
      const before = survey.files;
      const plan = planChange(before, manifest);
      const texts = textsOf(plan, manifest, []);
      const archive = { dir: stack.dir, texts, contents: plan.uploads, files: project.files };
      const size = archiveSize(archive);
      refuseEarly(stack, project, survey, size);
      return { archive, size, changes: diffManifests(before, manifest) };
    },
  };
}

/** Going back: to the release `to`, or to the one before the current. Nothing is uploaded; the host has it all. */
export function oldRelease(stack: Stack, to: string | undefined): Job {
  return {
    parameters: { files: '', build: '' },
    wanted(survey) {
      const { releases } = survey.history;
      const at = releases.findIndex((release) => release.current);
      const wanted = to === undefined ? releases[at + 1] : releases.find(({ id }) => id === to);
      if (wanted !== undefined && (to !== undefined || at >= 0)) return wanted.id;
      throw new FailureError({
        code: 'release-unknown',
        message:
          to === undefined
            ? `${stack.name} has no release before the current one.`
            : `The host keeps no release ${to} of ${stack.name}.`,
        hint: `See \`towline history ${stack.name}\`.`,
      });
    },
    async ship(survey) {
      const { files, images } = survey.asked;
      const before = survey.files;
      const plan = planChange(before, files, () => true);
      const archive = { dir: stack.dir, texts: textsOf(plan, files, images), contents: [], files: [] };
      return { archive, size: archiveSize(archive), changes: diffManifests(before, files) };
    },
  };
}

function textsOf(
  { operations, undo }: ReturnType<typeof planChange>,
  manifest: Manifest,
  images: readonly string[],
): ArchiveInput['texts'] {
  const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
  return [
    { name: 'plan', text: lines(operations) },
    { name: 'undo', text: lines(undo) },
    { name: 'manifest', text: formatManifest(manifest) },
    { name: 'images', text: lines(images) },
  ];
}
