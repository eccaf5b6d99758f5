// What visits found, and the buttons that record the next one. Shows what the service stored, never what it may store.
import {useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import type {CaseDetail, Outcome} from '../types';
import {Dialog} from './dialog';
import {Field, statusWord} from './bits';

const kOutcomes: {outcome: Outcome; button: string; hint: string}[] = [
  {outcome: 'found', button: 'Found theft', hint: 'The meter was tampered with or passed by.'},
  {outcome: 'not_found', button: 'Nothing found', hint: 'The site was inspected and everything is in order.'},
  {outcome: 'no_access', button: 'No access', hint: 'Nobody could inspect; the case stays open for another visit.'},
];

export function FeedbackSection({detail, reload}: {detail: CaseDetail; reload: () => void}) {
  const {announce} = useShared();
  const [asked, setAsked] = useState<Outcome | null>(null);
  const visits = [...detail.feedback].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section aria-labelledby="visits" class="card">
      <h2 id="visits">Visits</h2>
      {visits.length === 0 && (
        <p class="note">
          Nobody has been there yet, as far as is known here. What a visit finds teaches the next model, also when it is
          nothing.
        </p>
      )}
      <ol class="visits">
        {visits.map((visit) => (
          <li key={visit.id}>
            <span class={`tag status-${visit.outcome}`}>{statusWord(visit.outcome)}</span>{' '}
            <strong>{f.day(visit.visited_on)}</strong>
            {visit.recovered_kwh !== null && <> · {f.measure(visit.recovered_kwh, 'kWh')} recovered</>}
            {visit.note && <p class="prewrap">{visit.note}</p>}
            <p class="note">
              {visit.who}, {f.moment(visit.at)}
            </p>
          </li>
        ))}
      </ol>
      <h3>Record a visit</h3>
      <div class="button-row outcomes">
        {kOutcomes.map(({outcome, button}) => (
          <button type="button" key={outcome} class={`outcome ${outcome}`} onClick={() => setAsked(outcome)}>
            {button}
          </button>
        ))}
      </div>
      {asked && (
        <FeedbackDialog
          detail={detail}
          outcome={asked}
          close={() => setAsked(null)}
          stored={() => {
            setAsked(null);
            announce('The visit is stored');
            reload();
          }}
        />
      )}
    </section>
  );
}

function FeedbackDialog({
  detail,
  outcome,
  close,
  stored,
}: {
  detail: CaseDetail;
  outcome: Outcome;
  close: () => void;
  stored: () => void;
}) {
  const {button, hint} = kOutcomes.find((one) => one.outcome === outcome)!;
  const [date, setDate] = useState(f.today());
  const [energy, setEnergy] = useState('');
  const [note, setNote] = useState('');
  const [once, setOnce] = useState(api.newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await api.sendFeedback(
        detail.id,
        {
          outcome,
          visited_on: date,
          ...(outcome === 'found' && energy !== '' ? {recovered_kwh: Number(energy)} : {}),
          ...(note.trim() ? {note: note.trim()} : {}),
        },
        once,
      );
      stored();
    } catch (refused) {
      const {message, errors, status} = refused as api.ApiError;
      if (status) setOnce(api.newKey()); // refused: what is sent next is another visit; unanswered, it is the same one
      setError([message, ...(errors ?? []).map(({pointer, detail: what}) => `${pointer}: ${what}`)].join('\n'));
      setBusy(false);
    }
  };
  return (
    <Dialog title={button} close={close}>
      <form class="stack" onSubmit={(event) => void send(event)}>
        <p class="note">
          <span class="id">{detail.consumer_id}</span> · {hint}
        </p>
        <Field label="Date of the visit">
          <input
            type="date"
            required
            max={f.today()}
            value={date}
            onInput={(event) => setDate(event.currentTarget.value)}
          />
        </Field>
        {outcome === 'found' && (
          <Field label="Energy recovered or billed afterwards, in kWh" hint="Leave empty where it is not known yet.">
            <input
              type="number"
              min="0"
              step="any"
              inputMode="decimal"
              value={energy}
              onInput={(event) => setEnergy(event.currentTarget.value)}
            />
          </Field>
        )}
        <Field label="Note" hint={`${f.count(2000 - note.length)} characters left. No names of people, please.`}>
          <textarea rows={4} maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        </Field>
        {error && (
          <p class="field-error prewrap" role="alert">
            {error}
          </p>
        )}
        <div class="button-row end">
          <button type="button" class="quiet" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={busy || !date}>
            {busy ? 'Storing…' : 'Store'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
