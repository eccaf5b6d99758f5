// Upload: a file of readings on its way, the job that scores it, and the jobs before it.
import {useEffect, useRef, useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import {Field, PageHead} from '../parts/bits';
import {FileButton, READINGS} from '../parts/file_button';
import {JobProgress, JobTable, jobResult} from '../parts/jobs';
import {Awaited} from '../parts/states';
import type {Route} from '../router';
import type {Job} from '../types';
import {useData} from '../use_data';

type Stage =
  | {name: 'choose'; error?: api.ApiError | string}
  | {name: 'sending'; file: File; share: number}
  | {name: 'working'; job: Job; trouble?: string};

export function UploadPage({route}: {route: Route}) {
  const {alerts, announce, runs} = useShared();
  const [stage, setStage] = useState<Stage>({name: 'choose'});
  const [language, setLanguage] = useState('en');
  const abort = useRef<AbortController | null>(null);
  const cursor = route.query.get('cursor') ?? '';
  const jobs = useData(`jobs ${cursor}`, (signal) => api.jobs({limit: 20, cursor}, signal), 5000);
  useEffect(() => {
    document.title = 'Upload · Meterhound';
    return () => abort.current?.abort();
  }, []);

  const send = async (file: File) => {
    const type = api.fileType(file.name);
    if (!type)
      return setStage({
        name: 'choose',
        error: `${file.name}: expected a file whose name ends in .csv, .csv.gz, .csv.zst or .parquet`,
      });
    if (file.size === 0) return setStage({name: 'choose', error: `${file.name} is empty`});
    abort.current = new AbortController();
    setStage({name: 'sending', file, share: 0});
    try {
      const job = await api.detect(
        file,
        type,
        language,
        (share) => setStage({name: 'sending', file, share}),
        abort.current.signal,
      );
      setStage({name: 'working', job});
      announce('The file has arrived and waits to be scored');
      jobs.reload();
    } catch (error) {
      setStage(error instanceof api.ApiError ? {name: 'choose', error} : {name: 'choose'});
    }
  };
  useJob(stage, setStage, ({state}) => {
    if (state === 'done') announce('Scored: the ranked list is ready');
    if (state === 'done') runs.reload();
    alerts.reload();
    jobs.reload();
  });

  return (
    <>
      <PageHead title="Upload" note="A file of readings becomes a ranked list, by the model that is active." />
      {stage.name === 'choose' && (
        <Choose send={(file) => void send(file)} error={stage.error} language={language} setLanguage={setLanguage} />
      )}
      {stage.name === 'sending' && <Sending {...stage} stop={() => abort.current?.abort()} />}
      {stage.name === 'working' && <Working {...stage} again={() => setStage({name: 'choose'})} />}
      <section aria-labelledby="jobs">
        <h2 id="jobs">Jobs</h2>
        <Awaited from={jobs} lines={5}>
          {(page) => <JobTable jobs={page.items} next={page.next} paged={cursor !== ''} changed={jobs.reload} />}
        </Awaited>
      </section>
    </>
  );
}

function useJob(stage: Stage, setStage: (stage: Stage) => void, ended: (job: Job) => void) {
  const id = stage.name === 'working' ? stage.job.id : null;
  useEffect(() => {
    if (!id) return undefined;
    return api.watchJob(
      id,
      (job) => {
        setStage({name: 'working', job});
        if (api.ended(job.state)) ended(job);
      },
      (error) => setStage({name: 'choose', error}),
    );
  }, [id]);
}

function Choose({
  send,
  error,
  language,
  setLanguage,
}: {
  send: (file: File) => void;
  error: api.ApiError | string | undefined;
  language: string;
  setLanguage: (code: string) => void;
}) {
  const [over, setOver] = useState(false);
  return (
    <>
      <div
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const file = event.dataTransfer?.files[0];
          if (file) send(file);
        }}
      >
        <p>
          <strong>Drop a file of readings here</strong>
        </p>
        <p class="note">CSV (one row a consumer, or one row a reading) or Parquet. Nothing leaves this service.</p>
        <div class="button-row centre">
          <FileButton accept={READINGS} label="File of readings" class="primary" chosen={send}>
            Choose a file
          </FileButton>
        </div>
        <div class="centre">
          <Field label="Reports in">
            <select value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
              <option value="en">English</option>
              <option value="es" lang="es">
                Español
              </option>
              <option value="fr" lang="fr">
                Français
              </option>
              <option value="pt" lang="pt">
                Português
              </option>
              <option value="zh" lang="zh">
                中文
              </option>
            </select>
          </Field>
        </div>
      </div>
      {error && (
        <div class="file-error" role="alert">
          <strong>{typeof error === 'string' ? 'This file cannot be sent.' : error.title}</strong>
          <code class="prewrap">
            {typeof error === 'string'
              ? error
              : [error.detail, ...error.errors.map(({pointer, detail}) => `${pointer}: ${detail}`)]
                  .filter(Boolean)
                  .join('\n')}
          </code>
        </div>
      )}
    </>
  );
}

function Sending({file, share, stop}: {file: File; share: number; stop: () => void}) {
  return (
    <div class="card progress-card">
      <p>
        Sending <strong>{file.name}</strong> ·{' '}
        <span class="numbers">
          {f.bytes(share * file.size)} of {f.bytes(file.size)}
        </span>
      </p>
      <progress aria-label="Sent" value={share} max={1} />
      <div class="button-row">
        <button type="button" onClick={stop}>
          Stop
        </button>
      </div>
    </div>
  );
}

function Working({job, again}: {job: Job; again: () => void}) {
  const [error, setError] = useState<string | null>(null);
  const ended = api.ended(job.state);
  const result = jobResult(job);
  return (
    <div class="card progress-card">
      <p>
        <strong>{job.title}</strong>
      </p>
      <JobProgress job={job} />
      {job.error && (
        <div class="file-error" role="alert">
          <strong>This file could not be scored.</strong>
          <code class="prewrap">
            {job.error.where ? `${job.error.where}: ${job.error.message}` : job.error.message}
          </code>
        </div>
      )}
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      <div class="button-row">
        {result && (
          <a class="button primary" href={result}>
            Show the ranked list
          </a>
        )}
        {ended ? (
          <button type="button" onClick={again}>
            Another file
          </button>
        ) : (
          <button
            type="button"
            onClick={() => void api.cancelJob(job.id).catch((refused: Error) => setError(refused.message))}
          >
            Cancel
          </button>
        )}
      </div>
    </div>
  );
}
