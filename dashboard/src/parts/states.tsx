// What stands where data are awaited, absent or refused.
import type {ComponentChildren} from 'preact';
import type {ApiError} from '../api';
import type {Loaded} from '../use_data';

export function Skeleton({lines = 6, label = 'Loading'}: {lines?: number; label?: string}) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{label}…</span>
      {Array.from({length: lines}, (_, index) => (
        <div class={`skeleton-line w${index % 4}`} key={index} />
      ))}
    </div>
  );
}

export function ErrorState({
  error,
  retry,
  level: Heading = 'h2',
}: {
  error: ApiError;
  retry?: (() => void) | undefined;
  level?: 'h1' | 'h2';
}) {
  return (
    <div class="state error" role="alert">
      <Heading>
        {error.status === 404 ? 'Not found' : error.status === 403 ? 'Not allowed with this key' : error.title}
      </Heading>
      {error.detail && <p class="prewrap">{error.detail}</p>}
      {error.errors.length > 0 && (
        <ul>
          {error.errors.map((one) => (
            <li key={one.pointer}>
              <code>{one.pointer}</code> {one.detail}
            </li>
          ))}
        </ul>
      )}
      {error.request && <p class="note">Request {error.request}</p>}
      {retry && error.status !== 403 && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({
  title,
  level: Heading = 'h2',
  children,
}: {
  title: string;
  level?: 'h1' | 'h2';
  children?: ComponentChildren;
}) {
  return (
    <div class="state empty">
      <svg class="empty-mark" viewBox="0 0 64 32" aria-hidden="true">
        <path d="M2 16h14l5-10 7 20 6-14 4 4h24" />
      </svg>
      <Heading tabIndex={-1}>{title}</Heading>
      {children}
    </div>
  );
}

// The usual four: error, first load, (dimmed) reload, data.
export function Awaited<T>({
  from,
  lines,
  level,
  children,
}: {
  from: Loaded<T>;
  lines?: number;
  level?: 'h1' | 'h2';
  children: (data: T) => ComponentChildren;
}) {
  if (from.error && from.data === undefined)
    return <ErrorState error={from.error} retry={from.reload} {...(level ? {level} : {})} />;
  if (from.data === undefined) return <Skeleton {...(lines ? {lines} : {})} />;
  return (
    <div class={from.loading ? 'reloading' : undefined} aria-busy={from.loading}>
      {from.error && <Trouble error={from.error} />}
      {children(from.data)}
    </div>
  );
}

// One line above data that are older than they should be.
export function Trouble({error}: {error: ApiError}) {
  return (
    <p class="trouble" role="alert">
      <strong>{error.title}.</strong> {error.detail} What is shown is from before.
    </p>
  );
}
