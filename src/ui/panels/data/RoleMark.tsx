import type { Role } from '../../../engine/data/types.ts';

/** The line that a column of this role is drawn with. */
export function RoleMark({ role }: { readonly role: Role }) {
  return (
    <svg width="16" height="9" aria-hidden="true" fill="none" strokeWidth="1.3">
      {marks[role]}
    </svg>
  );
}

const marks: Readonly<Record<Role, React.ReactNode>> = {
  time: <path d="M1 8V1M8 8V4M15 8V1M1 8h14" stroke="var(--ink-3)" />,
  sensor: <path d="M0 5h16" stroke="var(--observed)" />,
  covariate: <path d="M0 8h5V2h6v6h5" stroke="var(--covariate)" />,
  label: (
    <>
      <path d="M2 0h12v9H2z" fill="var(--event-band)" />
      <path d="M2 1.5h12" stroke="var(--event)" strokeWidth="3" />
    </>
  ),
  ignore: <path d="M1 5h14" stroke="var(--ink-4)" strokeDasharray="2 3" />,
};
