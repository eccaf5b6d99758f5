// Small pieces that several pages show: tiers, states, ids, intervals, tiles, fields.
import type {ComponentChildren} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import * as f from '../format';
import type {CaseStatus, Estimate, JobState, Run, Tier} from '../types';

export const TierMark = ({tier}: {tier: Tier}) => <span class={`tag tier-${tier}`}>{tier}</span>;

const kStatus: Record<CaseStatus, string> = {
  open: 'open',
  found: 'found',
  not_found: 'not found',
  no_access: 'no access',
};
export const statusWord = (status: CaseStatus) => kStatus[status] ?? f.words(status);
export const StatusMark = ({status}: {status: CaseStatus}) => (
  <span class={`tag status-${status}`}>{statusWord(status)}</span>
);

export const JobMark = ({state}: {state: JobState}) => (
  <span class={`tag job-${state}`}>{state === 'dead' ? 'given up' : state}</span>
);

export function Id({
  id,
  length,
  href,
  children,
}: {
  id: string;
  length?: number;
  href?: string;
  children?: ComponentChildren;
}) {
  const text = children ?? f.shortId(id, length);
  return href ? (
    <a class="id" href={href} title={id}>
      {text}
    </a>
  ) : (
    <span class="id" title={id}>
      {text}
    </span>
  );
}

// A probability with its interval on a line from 0 to 1; the numbers stand beside it in words for screen readers.
export function IntervalBar({value, low, high}: Estimate) {
  const at = (share: number) => 2 + Math.min(1, Math.max(0, share)) * 96;
  return (
    <svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <line class="interval-rail" x1="2" x2="98" y1="6" y2="6" />
      <line class="interval-range" x1={at(low)} x2={at(high)} y1="6" y2="6" />
      <line class="interval-value" x1={at(value)} x2={at(value)} y1="1.5" y2="10.5" />
    </svg>
  );
}

export function Tile({label, children, note}: {label: string; children: ComponentChildren; note?: ComponentChildren}) {
  return (
    <div class="tile">
      <dt>{label}</dt>
      <dd>
        <strong>{children}</strong>
        {note && <span class="note">{note}</span>}
      </dd>
    </div>
  );
}

export const Tiles = ({children}: {children: ComponentChildren}) => <dl class="tiles">{children}</dl>;

export function Field({label, hint, children}: {label: string; hint?: ComponentChildren; children: ComponentChildren}) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      {children}
      {hint && <span class="note">{hint}</span>}
    </label>
  );
}

export function RunBanners({run}: {run: Pick<Run, 'simulated' | 'trained_on'>}) {
  return (
    <>
      {run.simulated && (
        <p class="banner">
          <strong>Simulated data.</strong> These consumers do not exist, and their thefts are easier to find than real
          ones.
        </p>
      )}
      {run.trained_on > 0 && (
        <p class="banner">
          <strong>{f.plural(run.trained_on, 'consumer')} of this list trained the model that judges them.</strong> Their
          probabilities look surer than they are.
        </p>
      )}
    </>
  );
}

export function PageHead({
  title,
  children,
  note,
}: {
  title: ComponentChildren;
  children?: ComponentChildren;
  note?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div class="page-title">
        <h1 tabIndex={-1}>{title}</h1>
        {note && <p class="note">{note}</p>}
      </div>
      {children && <div class="page-tools">{children}</div>}
    </header>
  );
}

// A table that scrolls on its own where it must; then it can be reached and scrolled by keyboard.
export function Scroll({label, children}: {label: string; children: ComponentChildren}) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () =>
      setScrolls(element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} class="scroll" {...(scrolls ? {role: 'group', 'aria-label': label, tabIndex: 0} : {})}>
      {children}
    </div>
  );
}
