// Jobs: how far one is, and a table of many with what can be done about each.
import {useState} from 'preact/hooks';
import * as api from '../api';
import * as f from '../format';
import {href} from '../router';
import type {Job} from '../types';
import {jobKind} from './actions';
import {JobMark, Scroll} from './bits';
import {Empty} from './states';

export function jobResult({state, result}: Job): string | null {
  if (state !== 'done' || !result) return null;
  if (result.run) return href('cases', {run: result.run});
  if (result.challenger && result.kept) return href('model', {model: result.challenger});
  return result.case ? href(`cases/${encodeURIComponent(result.case)}`) : null;
}

const progressText = ({stage, done, total, unit}: Job['progress']) =>
  [f.sentence(stage), total > 0 ? `${f.count(done)} of ${f.count(total)} ${unit}` : ''].filter(Boolean).join(', ');

export function JobProgress({job}: {job: Job}) {
  const {done, total} = job.progress;
  const running = job.state === 'running';
  return (
    <>
      <p>
        <JobMark state={job.state} /> <span class="numbers">{running ? progressText(job.progress) : ''}</span>
        {job.attempts > 1 && <span class="note"> attempt {f.count(job.attempts)}</span>}
      </p>
      {!api.ended(job.state) && (
        <progress aria-label="Progress of the job" {...(running && total > 0 ? {value: done, max: total} : {})} />
      )}
    </>
  );
}

export function JobTable({
  jobs,
  next,
  paged,
  changed,
}: {
  jobs: Job[];
  next: string | null;
  paged: boolean;
  changed: () => void;
}) {
  const [error, setError] = useState<string | null>(null);
  if (jobs.length === 0) return <Empty title="No jobs yet" />;
  const cancel = (job: Job) => {
    setError(null);
    api.cancelJob(job.id).then(changed, (refused: Error) => setError(refused.message));
  };
  return (
    <>
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      <Scroll label="Jobs">
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">State</th>
              <th scope="col">Progress</th>
              <th scope="col">Asked for</th>
              <th scope="col" class="number">
                Took
              </th>
              <th scope="col">
                <span class="visually-hidden">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <Row key={job.id} job={job} cancel={() => cancel(job)} />
            ))}
          </tbody>
        </table>
      </Scroll>
      <nav class="pager" aria-label="Pages of jobs">
        {paged && (
          <a class="button" href={href('upload')}>
            Newest
          </a>
        )}
        {next && (
          <a class="button" href={href('upload', {cursor: next})}>
            Older
          </a>
        )}
      </nav>
    </>
  );
}

function Row({job, cancel}: {job: Job; cancel: () => void}) {
  const result = jobResult(job);
  const took = job.started && job.finished ? (Date.parse(job.finished) - Date.parse(job.started)) / 1000 : null;
  return (
    <tr>
      <th scope="row" title={job.id}>
        <span class="clip wide-clip">{result ? <a href={result}>{job.title || job.id}</a> : job.title || job.id}</span>
        <span class="note"> {jobKind(job.kind)}</span>
      </th>
      <td>
        <JobMark state={job.state} />
      </td>
      <td>
        {job.error ? (
          <code class="job-error">
            {job.error.where ? `${job.error.where}: ${job.error.message}` : job.error.message}
          </code>
        ) : job.state === 'running' ? (
          <span class="numbers">{progressText(job.progress)}</span>
        ) : (
          f.kNothing
        )}
      </td>
      <td class="numbers">{f.moment(job.created)}</td>
      <td class="number">{f.duration(took)}</td>
      <td>
        {!api.ended(job.state) && (
          <button type="button" class="small" aria-label={`Cancel ${job.title || job.id}`} onClick={cancel}>
            Cancel
          </button>
        )}
      </td>
    </tr>
  );
}
