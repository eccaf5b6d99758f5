// One case: what the meter read, why it is on the list, what speaks for and against, and what a visit found.
import {useEffect, useState} from 'preact/hooks';
import * as api from '../api';
import {LoadCurve} from '../charts/curve';
import {Waterfall} from '../charts/waterfall';
import {useShared} from '../context';
import * as f from '../format';
import {listAddress, neighbours} from '../list_memory';
import {PageHead, RunBanners, StatusMark, Tile, Tiles, TierMark} from '../parts/bits';
import {EvidenceSection} from '../parts/evidence';
import {FactsSection} from '../parts/facts';
import {FeedbackSection} from '../parts/feedback';
import {HistorySection} from '../parts/history';
import {ReportSection} from '../parts/report';
import {Awaited} from '../parts/states';
import {go, href, type Route} from '../router';
import {useShortcuts} from '../shortcuts';
import type {CaseDetail, Run} from '../types';
import {useData} from '../use_data';

export function CasePage({route}: {route: Route}) {
  const id = route.path[1] ?? '';
  const loaded = useData(id, (signal) => api.caseDetail(id, signal));
  const {previous, next, place, of} = neighbours(id);
  const to = (other: string | undefined) => other && go(`cases/${encodeURIComponent(other)}`);
  useShortcuts({j: () => to(next), k: () => to(previous), u: () => (location.hash = listAddress())});
  return (
    <>
      <nav class="crumbs" aria-label="Cases">
        <a href={listAddress()}>← Cases</a>
        <span class="spacer" />
        {of > 0 && place > 0 && (
          <span class="note numbers">
            {place} of {of} on the page
          </span>
        )}
        {previous && (
          <a class="button" href={href(`cases/${encodeURIComponent(previous)}`)}>
            Previous
          </a>
        )}
        {next && (
          <a class="button" href={href(`cases/${encodeURIComponent(next)}`)}>
            Next
          </a>
        )}
      </nav>
      <Awaited from={loaded} lines={14} level="h1">
        {(detail) => <Case detail={detail} reload={loaded.reload} />}
      </Awaited>
    </>
  );
}

function Case({detail, reload}: {detail: CaseDetail; reload: () => void}) {
  const {runs} = useShared();
  const run = runs.data?.find(({id}) => id === detail.run);
  const document_ = detail.case;
  const currency = document_?.currency ?? run?.currency ?? '';
  useEffect(() => void (document.title = `${detail.consumer_id} · Meterhound`), [detail.consumer_id]);
  return (
    <article class="case">
      <PageHead
        title={<span class="id whole">{detail.consumer_id}</span>}
        note={
          <>
            Number {f.count(detail.rank)}
            {run && (
              <>
                {' '}
                of {f.count(run.consumers)} in {run.title}
              </>
            )}{' '}
            · <TierMark tier={detail.tier} /> <StatusMark status={detail.status} />
            {detail.listed_for === 'sign' && (
              <>
                {' '}
                <span class="tag sign">rare sign</span>
              </>
            )}
          </>
        }
      >
        {document_ && (
          <>
            <a
              class="button"
              href={api.reportLink(detail.id, 'html', document_.report.language)}
              target="_blank"
              rel="noopener"
            >
              Sheet for the crew
            </a>
          </>
        )}
      </PageHead>
      <RunBanners
        run={{
          simulated: document_?.simulated ?? run?.simulated ?? false,
          trained_on: document_?.trained_on ?? run?.trained_on ?? 0,
        }}
      />
      <KeyFigures detail={detail} run={run} currency={currency} />
      <LoadSection detail={detail} />
      <div class="columns">
        <ReportSection detail={detail} reload={reload} />
        <div class="stacked">
          <FeedbackSection detail={detail} reload={reload} />
          {document_ && <EvidenceSection document={document_} />}
        </div>
      </div>
      {document_ && (
        <>
          <section aria-labelledby="why">
            <h2 id="why">Why the model thinks so</h2>
            <Waterfall explanation={document_.explanation} probability={detail.probability} />
          </section>
          <FactsSection document={document_} />
        </>
      )}
      <HistorySection detail={detail} />
    </article>
  );
}

function KeyFigures({detail, run, currency}: {detail: CaseDetail; run: Run | undefined; currency: string}) {
  const evidence = detail.case?.evidence;
  const change = evidence?.change;
  const attributes = Object.entries(detail.attributes);
  return (
    <Tiles>
      <Tile label="Probability of theft" note={f.range(detail.probability_low, detail.probability_high, f.percent)}>
        {f.percent(detail.probability)}
      </Tile>
      {detail.missing_kwh && (
        <Tile
          label="Energy missing"
          note={f.range(detail.missing_kwh.low, detail.missing_kwh.high, (value) => f.measure(value, 'kWh'))}
        >
          {f.measure(detail.missing_kwh.value, 'kWh')}
        </Tile>
      )}
      {detail.missing_money !== null && (
        <Tile label="Worth" note={run ? `at ${f.money(run.tariff, currency)} a kWh` : undefined}>
          {f.money(detail.missing_money, currency)}
        </Tile>
      )}
      {change && (
        <Tile
          label={change.after_per_day < change.before_per_day ? 'Drop' : 'Rise'}
          note={`${f.measure(change.before_per_day)} to ${f.measure(change.after_per_day)} kWh a day`}
        >
          {f.day(change.date)}
        </Tile>
      )}
      {detail.anomaly_score !== null && <Tile label="Anomaly score">{f.decimal(detail.anomaly_score, 2)}</Tile>}
      {evidence && (
        <Tile
          label="Readings that exist"
          note={
            evidence.mean_per_day === null ? undefined : `${f.measure(evidence.mean_per_day)} kWh a day in the mean`
          }
        >
          {f.percent(evidence.observed_share)}
        </Tile>
      )}
      {detail.district !== null && <Tile label="District">{detail.district}</Tile>}
      {attributes
        .filter(([, value]) => String(value) !== detail.district)
        .map(([name, value]) => (
          <Tile label={f.words(name)} key={name}>
            {String(value)}
          </Tile>
        ))}
    </Tiles>
  );
}

function LoadSection({detail}: {detail: CaseDetail}) {
  const [shown, setShown] = useState(true);
  if (!detail.series || detail.series.times.length === 0) {
    return (
      <section aria-labelledby="curve">
        <h2 id="curve">Readings</h2>
        <p class="note">The readings of this consumer are not kept here.</p>
      </section>
    );
  }
  return (
    <section aria-labelledby="curve">
      <h2 id="curve">Readings</h2>
      <LoadCurve
        key={detail.id}
        series={detail.series}
        peers={shown ? detail.peers : null}
        change={detail.case?.evidence.change ?? null}
        name={detail.consumer_id}
      />
      {detail.peers && (
        <label class="check">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
          Show {detail.peers.what} ({f.plural(detail.peers.consumers, 'consumer')})
        </label>
      )}
    </section>
  );
}
