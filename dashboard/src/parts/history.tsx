// What happened to a case, newest first: who saw, scored, visited or wrote.
import * as f from '../format';
import type {CaseDetail} from '../types';
import {actionWords} from './actions';

export function HistorySection({detail}: {detail: CaseDetail}) {
  const entries = [...detail.history].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {entries.length === 0 && <p class="note">Nothing has happened to this case yet.</p>}
      <ol class="history">
        {entries.map((entry, index) => (
          <li key={index}>
            <time class="numbers" dateTime={entry.at}>
              {f.moment(entry.at)}
            </time>{' '}
            <span>
              <strong>{actionWords(entry.what)}</strong> by {entry.who}
              {entry.detail ? <span class="note"> {detailText(entry.detail)}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

// Details are whatever the service noted: a sentence, or names with values; fingerprints lose their middle.
export function detailText(detail: unknown): string {
  if (detail === null || detail === undefined) return '';
  if (typeof detail !== 'object') return String(detail);
  return Object.entries(detail)
    .map(
      ([name, value]) =>
        `${f.words(name)} ${Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : plain(value)}`,
    )
    .join(' · ');
}

function plain(value: unknown): string {
  const text = String(value);
  return /^[0-9a-f]{40,}$/.test(text) ? f.shortId(text, 13) : text;
}
