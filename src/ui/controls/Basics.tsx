/** Dumb parts that every panel uses. They know neither state nor worker. */
import type { ReactNode } from 'react';
import { Button, Tooltip, TooltipTrigger, type ButtonProps } from 'react-aria-components';
import { TriangleAlert } from 'lucide-react';
import type { WireError } from '../../workers/protocol.ts';
import { probability } from '../../charts/format.ts';
import { en } from '../messages/en.ts';

export function Kbd({ children }: { readonly children: string }) {
  return (
    <kbd className="kbd" aria-hidden="true">
      {children}
    </kbd>
  );
}

type BtnProps = Omit<ButtonProps, 'className' | 'children'> & {
  readonly look?: 'primary' | 'quiet' | 'plain';
  readonly small?: boolean;
  readonly picked?: boolean;
  /** Only a picture inside: give an aria-label, which also becomes the tip. */
  readonly icon?: boolean;
  readonly kbd?: string;
  /** Said on hover and focus; for a disabled button, why. */
  readonly tip?: string;
  readonly className?: string;
  readonly children?: ReactNode;
};

export function Btn({ look = 'plain', small, picked, icon, kbd, tip, className, children, ...rest }: BtnProps) {
  const names = ['btn', look, small && 'small', picked && 'picked', icon && 'icon', className]
    .filter(Boolean)
    .join(' ');
  const said = tip ?? (icon ? rest['aria-label'] : undefined);
  const button = (
    <Button {...rest} className={names}>
      {children}
      {kbd !== undefined && <Kbd>{kbd}</Kbd>}
    </Button>
  );
  if (said === undefined) return button;
  return <Tip text={icon && kbd !== undefined ? `${said} (${kbd})` : said}>{button}</Tip>;
}

export function Tip({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      {children}
      <Tooltip className="tip" offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** A small fact in the bar; focusable, because its reason is in the tip. */
export function Chip({ text, tip, className = '' }: { text: ReactNode; tip: string; className?: string }) {
  return (
    <Tip text={tip}>
      <Button className={`chip ${className}`}>{text}</Button>
    </Tip>
  );
}

/** A probability given by its natural log, as 10^−27.7. */
export function Prob({ logP, mantissa = false }: { readonly logP: number; readonly mantissa?: boolean }) {
  const text = probability(logP, mantissa);
  if (text.plain !== null) return <>{text.plain}</>;
  return (
    <>
      {text.mantissa !== null && `${text.mantissa} × `}10<sup>{text.exponent}</sup>
    </>
  );
}

export function Skeleton({ lines = 4, saying }: { readonly lines?: number; readonly saying: string }) {
  return (
    <div className="skeleton" role="status">
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} style={{ width: `${[100, 82, 90, 64][i % 4] ?? 80}%` }} />
      ))}
      <span className="hint">{saying}</span>
    </div>
  );
}

/** Nothing here yet: why, and the one next step. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="state">
      <b>{title}</b>
      {text !== undefined && <p className="soft">{text}</p>}
      {children !== undefined && <div className="row">{children}</div>}
    </div>
  );
}

/** An error in three parts: what happened, what is safe, what to do. */
export function Wrong({ error, safe, children }: { error: WireError; safe?: string; children?: ReactNode }) {
  const { file, line, column } = error.place;
  const place = [
    file,
    line === undefined ? undefined : en.error.line(line),
    column === undefined ? undefined : en.error.column(column),
  ].filter((part) => part !== undefined);
  return (
    <div className="state" role="alert">
      <b className="wrong">
        <TriangleAlert size={14} aria-hidden="true" />
        {en.engineText(error.message)}
      </b>
      {place.length > 0 && <p className="soft small">{place.join(', ')}</p>}
      <p className="soft">
        {safe ?? en.error.safe}
        {error.cure === '' ? '' : ` ${en.engineText(error.cure)}`}
      </p>
      {children !== undefined && <div className="row">{children}</div>}
    </div>
  );
}

/** A bar for a share from 0 to 1, or one that only says "busy" when the share is not known. */
export function Progress({ share, label }: { readonly share: number | null; readonly label: string }) {
  const known = share === null ? {} : { 'aria-valuenow': Math.round(share * 100) };
  return (
    <span
      className={share === null ? 'bar unknown' : 'bar'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...known}
    >
      <i style={share === null ? {} : { width: `${share * 100}%` }} />
    </span>
  );
}
