/** The worker's calls about run bundles. */
import { bundleFile, openBundleFile } from './bundleFiles.ts';
import type { BundleOutside } from './bundleFiles.ts';
import type { BundleApi } from './bundleProtocol.ts';
import type { Labels } from './labels.ts';
import type { Session } from './session.ts';
import { attempt } from './wire.ts';

export type BundleScope = BundleOutside & {
  readonly session: Session;
  readonly labels: Labels;
  /** Starts the backend, with which a run's model is tried before it is kept. */
  readonly device: () => Promise<unknown>;
};

export const createBundles = ({ session, labels, device, ...outside }: BundleScope): BundleApi => ({
  exportBundle: (runId) => attempt(() => bundleFile(session, labels, runId)),
  openBundle: (file) =>
    attempt(async () => {
      await device();
      return openBundleFile(session, labels, file, outside);
    }),
});
