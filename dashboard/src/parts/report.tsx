// The report: its sentences by part, who wrote it, what was replaced, and the order for another one.
import {useEffect, useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import type {CaseDetail, Job, Report} from '../types';
import {Empty} from './states';

const kLanguages: [code: string, name: string][] = [
  ['en', 'English'],
  ['es', 'Español'],
  ['fr', 'Français'],
  ['pt', 'Português'],
  ['zh', '中文'],
];
const kActions = {visit: 'Visit', records_first: 'Records first', no_visit: 'No visit'};
const kUrgencies = {soon: 'soon', planned: 'on the next planned round', none: ''};

export function ReportSection({detail, reload}: {detail: CaseDetail; reload: () => void}) {
  const report = detail.case?.report;
  return (
    <section aria-labelledby="report" class="card">
      <h2 id="report">Report</h2>
      {report ? (
        <Written report={report} />
      ) : (
        <Empty title="No report">
          <p>Readings, reasons and reports are kept for the first cases of a list.</p>
        </Empty>
      )}
      {report && <Rewrite detail={detail} reload={reload} language={report.language} />}
    </section>
  );
}

function Written({report}: {report: Report}) {
  const of = (part: string) => report.sentences.filter((sentence) => sentence.part === part);
  return (
    <>
      <p class="verdict">
        <strong>{kActions[report.action]}</strong> {kUrgencies[report.urgency]}
        <span class={`tag confidence-${report.confidence}`}>{report.confidence} confidence</span>
      </p>
      <div lang={report.language}>
        <p>
          {of('summary')
            .map(({text}) => text)
            .join(' ') || report.summary}
        </p>
        <Part title="For a visit" sentences={of('for').map(({text}) => text)} />
        <Part title="Against" sentences={of('against').map(({text}) => text)} />
        <Part title="To check on site" sentences={of('check').map(({text}) => text)} />
        <p class="note">{report.note}</p>
      </div>
      <p class="note">
        {report.mode === 'template'
          ? 'Written from fixed wordings'
          : `Written by ${report.written_by} (${report.mode})`}
        , every sentence checked against the facts.
        {report.fallback && ` The template stands in: ${report.fallback}.`}
      </p>
      {report.replaced > 0 && (
        <details class="table-on-demand">
          <summary>{f.plural(report.replaced, 'sentence')} of the model replaced</summary>
          <ul>
            {report.refused.map(({text, reason}, index) => (
              <li key={index}>
                <del>{text}</del> <span class="note">{reason}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Part({title, sentences}: {title: string; sentences: string[]}) {
  if (sentences.length === 0) return null;
  return (
    <>
      <h3 lang="en">{title}</h3>
      <ul>
        {sentences.map((text, index) => (
          <li key={index}>{text}</li>
        ))}
      </ul>
    </>
  );
}

function Rewrite({detail, reload, language}: {detail: CaseDetail; reload: () => void; language: string}) {
  const {announce} = useShared();
  const [choice, setChoice] = useState(language);
  const [job, setJob] = useState<Job | null>(
    detail.report_job && !api.ended(detail.report_job.state) ? detail.report_job : null,
  );
  const [error, setError] = useState<string | null>(null);
  const busy = job !== null && !api.ended(job.state);
  useEffect(() => {
    if (!job || api.ended(job.state)) return undefined;
    return api.watchJob(
      job.id,
      (news) => {
        setJob(news);
        if (news.state === 'done') {
          announce('The report is written');
          reload();
        } else if (api.ended(news.state)) {
          setError(news.error?.message ?? `The order was ${news.state}.`);
        }
      },
      (refused) => {
        setJob(null);
        setError(refused.message);
      },
    );
  }, [job?.id]);
  const order = async () => {
    setError(null);
    try {
      setJob(await api.rewriteReport(detail.id, choice));
    } catch (refused) {
      setError((refused as Error).message);
    }
  };
  return (
    <div class="button-row rewrite">
      <label class="field inline">
        <span class="field-label">Language</span>
        <select value={choice} onChange={(event) => setChoice(event.currentTarget.value)}>
          {kLanguages.map(([code, name]) => (
            <option value={code} key={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" disabled={busy} onClick={() => void order()}>
        Write again
      </button>
      {job && busy && (
        <span class="note" role="status">
          {job.state === 'queued' ? 'Waiting for a writer…' : 'Being written…'}
        </span>
      )}
      {error && (
        <span class="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
