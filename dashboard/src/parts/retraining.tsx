// Retrainings: the one under way, the last ones with what came of each and why, and ordering another.
import {useEffect, useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import {href} from '../router';
import type {Job} from '../types';
import {useData} from '../use_data';
import {JobMark} from './bits';
import {ComparisonTable, GateList} from './comparison';
import {JobProgress} from './jobs';
import {causeWords, retrainingOf, verdictWords} from './model_words';
import {Awaited} from './states';
import {TrainAnew} from './train_anew';

const kShown = 5;
const kEvery = 15_000;

export function RetrainingSection({admin, changed}: {admin: boolean; changed: () => void}) {
  const {alerts, announce} = useShared();
  const [asked, setAsked] = useState(false);
  const jobs = useData('retrainings', (signal) => api.jobs({kind: 'retrain', limit: kShown}, signal), kEvery);
  const running = jobs.data?.items.find(({state}) => !api.ended(state));
  const ended = (job: Job) => {
    const outcome = retrainingOf(job);
    announce(outcome ? verdictWords(outcome).text : 'The retraining has ended without a model');
    jobs.reload();
    alerts.reload();
    changed();
  };
  return (
    <section aria-labelledby="retraining">
      <div class="section-head">
        <h2 id="retraining">Retraining</h2>
        {admin && (
          <button type="button" disabled={running !== undefined} onClick={() => setAsked(true)}>
            Train anew
          </button>
        )}
      </div>
      {running && <UnderWay key={running.id} first={running} ended={ended} />}
      <Awaited from={{...jobs, loading: false}} lines={3}>
        {({items}) => <Past jobs={items} admin={admin} />}
      </Awaited>
      {asked && (
        <TrainAnew
          close={() => setAsked(false)}
          ordered={() => {
            setAsked(false);
            announce('A retraining is ordered');
            jobs.reload();
          }}
        />
      )}
    </section>
  );
}

function UnderWay({first, ended}: {first: Job; ended: (job: Job) => void}) {
  const [job, setJob] = useState(first);
  const [error, setError] = useState<string | null>(null);
  useEffect(
    () =>
      api.watchJob(
        first.id,
        (news) => {
          setJob(news);
          if (api.ended(news.state)) ended(news);
        },
        (lost) => setError(lost.message),
      ),
    [first.id],
  );
  return (
    <div class="card progress-card">
      <p>
        <strong>{job.title}</strong>
      </p>
      <JobProgress job={job} />
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      <button
        type="button"
        class="small"
        onClick={() => void api.cancelJob(job.id).catch((refused: Error) => setError(refused.message))}
      >
        Cancel
      </button>
    </div>
  );
}

function Past({jobs, admin}: {jobs: Job[]; admin: boolean}) {
  if (jobs.length === 0)
    return (
      <p class="note">
        No model has been trained by the service yet.
        {admin && ' “Train anew” does it once; settings do it by the clock, after drift or after so many visits.'}
      </p>
    );
  return (
    <ol class="retrainings">
      {jobs
        .filter(({state}) => api.ended(state))
        .map((job) => (
          <Outcome key={job.id} job={job} />
        ))}
    </ol>
  );
}

function Outcome({job}: {job: Job}) {
  const outcome = retrainingOf(job);
  const words = outcome && verdictWords(outcome);
  return (
    <li>
      <p>
        {words ? <span class={`tag verdict-${words.tone}`}>{words.tag}</span> : <JobMark state={job.state} />}{' '}
        <strong>{job.title}</strong>{' '}
        <span class="note">
          {f.moment(job.finished ?? job.created)}
          {outcome && `, ${causeWords(outcome.cause)}`}
        </span>
      </p>
      {words && <p>{words.text}</p>}
      {job.error && (
        <code class="job-error">
          {job.error.where ? `${job.error.where}: ${job.error.message}` : job.error.message}
        </code>
      )}
      {outcome && (
        <>
          <ul>
            {outcome.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          {outcome.remarks && <p class="note prewrap">{outcome.remarks}</p>}
          {outcome.kept && outcome.challenger ? (
            <a href={href('model', {model: outcome.challenger})}>The new model's card</a>
          ) : (
            <>
              <GateList gates={outcome.gates} />
              {outcome.comparison && (
                <details class="table-on-demand">
                  <summary>Figures of both models</summary>
                  <ComparisonTable comparison={outcome.comparison} />
                </details>
              )}
            </>
          )}
        </>
      )}
    </li>
  );
}
