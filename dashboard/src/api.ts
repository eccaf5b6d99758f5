// Speaks to the service: JSON in and out, problem+json as errors, uploads with progress, jobs as they move.
import type * as t from './types';

export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  instance?: string;
  errors?: {pointer: string; detail: string}[];
}

// A refusal of the service, or (status 0) no answer from it.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly request: string | null = null,
    readonly errors: {pointer: string; detail: string}[] = [],
  ) {
    super(detail || title);
  }
}

export type Query = Record<string, string | number | null | undefined>;

// `path` with every parameter that has a value.
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

export function problemToError(status: number, text: string): ApiError {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Not from the service itself: a proxy's page. The status says enough.
  }
  const title = problem.title ?? (status === 0 ? 'No answer' : `The service answered ${status}`);
  return new ApiError(status, title, problem.detail ?? '', problem.instance ?? null, problem.errors ?? []);
}

const noAnswer = () =>
  new ApiError(0, 'The service does not answer', 'It may be restarting, or the connection is gone.');

let unauthorised: () => void = () => undefined;
export function onUnauthorised(handler: () => void): void {
  unauthorised = handler;
}

async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  once?: string,
): Promise<T> {
  const headers: Record<string, string> = {Accept: 'application/json'};
  if (once) headers['Idempotency-Key'] = once;
  if (method !== 'GET') headers['X-Meterhound'] = 'page';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw noAnswer();
  }
  const text = await response.text();
  if (!response.ok) {
    if (response.status === 401 && path !== '/v1/session') unauthorised();
    throw problemToError(response.status, text);
  }
  return (text ? JSON.parse(text) : undefined) as T;
}

const get = <T>(path: string, signal?: AbortSignal) => request<T>('GET', path, undefined, signal);
const id = encodeURIComponent;

export const session = (signal?: AbortSignal) => get<t.Session>('/v1/session', signal);
export const signIn = (key: string) => request<void>('POST', '/v1/session', {key});
export const signOut = () => request<void>('DELETE', '/v1/session');

export const runs = async (signal?: AbortSignal) => (await get<{items: t.Run[]}>('/v1/runs', signal)).items;
export const quality = async (run: string, signal?: AbortSignal) =>
  (await get<{items: t.QualityFinding[]}>(`/v1/runs/${id(run)}/quality`, signal)).items;
export const cases = (query: Query, signal?: AbortSignal) => get<t.CasePage>(withQuery('/v1/cases', query), signal);
export const caseDetail = (name: string, signal?: AbortSignal) => get<t.CaseDetail>(`/v1/cases/${id(name)}`, signal);

// A key under which the service does a thing once, however often it is asked.
export const newKey = () =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('');

export interface NewFeedback {
  outcome: t.Outcome;
  visited_on: string;
  recovered_kwh?: number;
  note?: string;
}
export const sendFeedback = (name: string, feedback: NewFeedback, once: string) =>
  request<t.Feedback>('POST', `/v1/cases/${id(name)}/feedback`, feedback, undefined, once);
export const rewriteReport = (name: string, language: string) =>
  request<t.Job>('POST', `/v1/reports/${id(name)}`, {language});
export const reportLink = (name: string, format: 'html' | 'text' | 'json', language?: string) =>
  withQuery(`/v1/reports/${id(name)}`, {format, language});

export const plan = (query: Query, signal?: AbortSignal) => get<t.Plan>(withQuery('/v1/plan', query), signal);
export const planLink = (format: 'csv' | 'html', query: Query) => withQuery(`/v1/plan.${format}`, query);

export const jobs = (query: Query, signal?: AbortSignal) => get<t.Page<t.Job>>(withQuery('/v1/jobs', query), signal);
export const job = (name: string, signal?: AbortSignal) => get<t.Job>(`/v1/jobs/${id(name)}`, signal);
export const cancelJob = (name: string) => request<t.Job>('DELETE', `/v1/jobs/${id(name)}`);

export const models = (signal?: AbortSignal) => get<t.Models>('/v1/models', signal);
export const activateModel = (fingerprint: string) =>
  request<unknown>('POST', `/v1/models/${id(fingerprint)}/activate`);
export const rollBackModel = () => request<unknown>('POST', '/v1/models/rollback');
export const modelCard = (fingerprint: string, signal?: AbortSignal) =>
  get<t.Card>(`/v1/models/${id(fingerprint)}/card?format=json`, signal);
export const cardLink = (fingerprint: string) => `/v1/models/${id(fingerprint)}/card`;
export const drift = (signal?: AbortSignal) => get<t.DriftCheck | {report: null}>('/v1/drift', signal);
export const driftHistory = async (signal?: AbortSignal) =>
  (await get<{items: t.DriftCheck[]}>('/v1/drift/history', signal)).items;
export const alerts = async (signal?: AbortSignal) => (await get<{items: t.Alert[]}>('/v1/alerts', signal)).items;
export const system = (signal?: AbortSignal) => get<t.System>('/v1/system', signal);
export const audit = (query: Query, signal?: AbortSignal) => get<t.Audit>(withQuery('/v1/audit', query), signal);

export const ended = (state: t.JobState) => state !== 'queued' && state !== 'running';

const kFileTypes: Record<string, string> = {
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  gz: 'application/gzip',
  zst: 'application/zstd',
};

// The content type of a file of readings, or null where its name ends in nothing that the service reads.
export function fileType(name: string): string | null {
  const [, kind] = /\.(csv|parquet|csv\.gz|csv\.zst)$/i.exec(name) ?? [];
  return kind ? kFileTypes[kind.toLowerCase().split('.').pop()!]! : null;
}

// Sends a file; `progress` hears of the share that is on its way. Abort by the signal.
export function upload(path: string, file: File, type: string, progress: (share: number) => void, signal: AbortSignal) {
  return new Promise<unknown>((resolve, reject) => {
    const sender = new XMLHttpRequest();
    sender.open('POST', path);
    sender.setRequestHeader('Content-Type', type);
    sender.setRequestHeader('Accept', 'application/json');
    sender.setRequestHeader('X-Meterhound', 'page');
    sender.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    sender.onload = () => {
      if (sender.status === 401) unauthorised();
      if (sender.status >= 200 && sender.status < 300)
        resolve(sender.responseText ? JSON.parse(sender.responseText) : undefined);
      else reject(problemToError(sender.status, sender.responseText));
    };
    sender.onerror = () => reject(noAnswer());
    sender.onabort = () => reject(new DOMException('Stopped', 'AbortError'));
    signal.addEventListener('abort', () => sender.abort());
    sender.send(file);
  });
}

export const detect = (
  file: File,
  type: string,
  language: string,
  progress: (share: number) => void,
  signal: AbortSignal,
) => upload(withQuery('/v1/detect', {filename: file.name, language}), file, type, progress, signal) as Promise<t.Job>;
export const addModel = (file: File, progress: (share: number) => void, signal: AbortSignal) =>
  upload(
    withQuery('/v1/models', {name: file.name.replace(/\.mh$/i, '')}),
    file,
    'application/octet-stream',
    progress,
    signal,
  );

// Trains a model and holds it against the one in use: on a file, or on the data that the service's settings name.
export const retrainOn = (file: File, type: string, progress: (share: number) => void, signal: AbortSignal) =>
  upload(withQuery('/v1/models/retrain', {filename: file.name}), file, type, progress, signal) as Promise<t.Job>;
export const retrain = (once: string) => request<t.Job>('POST', '/v1/models/retrain', undefined, undefined, once);

// Tells of a job each time it changes, until it has ended: by server-sent events, by asking every two seconds where those
// do not come. Returns what stops it.
export function watchJob(name: string, changed: (job: t.Job) => void, failed: (error: ApiError) => void): () => void {
  let stopped = false;
  let timer = 0;
  let failures = 0;
  const source = new EventSource(`/v1/jobs/${id(name)}/events`);
  const stop = () => {
    stopped = true;
    window.clearTimeout(timer);
    source.close();
  };
  const tell = (news: t.Job) => {
    if (stopped) return;
    changed(news);
    if (ended(news.state)) stop();
  };
  const ask = async () => {
    try {
      const news = await job(name);
      failures = 0;
      tell(news);
    } catch (error) {
      if (stopped) return;
      if (!(error instanceof ApiError) || (error.status >= 400 && error.status < 500) || ++failures > 15) {
        stop();
        return failed(error instanceof ApiError ? error : noAnswer());
      }
    }
    if (!stopped) timer = window.setTimeout(() => void ask(), 2000);
  };
  source.addEventListener('job', (event) => tell(JSON.parse((event as MessageEvent<string>).data) as t.Job));
  source.onerror = () => {
    source.close();
    if (!stopped) void ask();
  };
  return stop;
}
