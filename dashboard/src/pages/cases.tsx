// The ranked list: filters, search and sorting by the service, one page of rows at a time; the address holds the state.
import {useEffect, useRef, useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import {PageHead, RunBanners, Scroll} from '../parts/bits';
import {CaseTable, kSorts} from '../parts/case_table';
import {RunChoice, WithRun} from '../parts/run_choice';
import {Empty, ErrorState, Skeleton, Trouble} from '../parts/states';
import {go, type Route} from '../router';
import {rememberList} from '../list_memory';
import {useShortcuts} from '../shortcuts';
import type {CasePage as Answer, Run} from '../types';
import {useData, useDebounced} from '../use_data';

const kPageSize = 50;
const kTiers = ['high', 'medium', 'low'];
const kStatuses = ['open', 'found', 'not_found', 'no_access'];
// The cursors that led to each page of a view, so that "previous" needs no second kind of cursor.
const trails = new Map<string, string[]>();

export function CasesPage({route}: {route: Route}) {
  useEffect(() => void (document.title = 'Cases · Meterhound'), []);
  return <WithRun route={route}>{(run) => <Cases run={run} route={route} key={run.id} />}</WithRun>;
}

interface Filters {
  run: string;
  tier: string;
  status: string;
  district: string;
  q: string;
  sort: string;
}

function filtersOf(route: Route, run: Run): Filters {
  const of = (name: string) => route.query.get(name) ?? '';
  return {
    run: run.id,
    tier: of('tier'),
    status: of('status'),
    district: of('district'),
    q: of('q'),
    sort: of('sort') || 'rank',
  };
}

function Cases({run, route}: {run: Run; route: Route}) {
  const {announce} = useShared();
  const filters = filtersOf(route, run);
  const cursor = route.query.get('cursor') ?? '';
  const view = JSON.stringify(filters);
  const page = Math.max(1, Number(route.query.get('page')) || 1);
  const answer = useData(`${view} ${cursor}`, (signal) => api.cases({...filters, limit: kPageSize, cursor}, signal));
  const change = (changes: Partial<Filters>) => go('cases', addressOf({...filters, ...changes}, route, run), true);
  const trail = trails.get(view) ?? [];

  useEffect(() => {
    if (!answer.data) return;
    rememberList(
      answer.data.items.map(({id}) => id),
      route.hash,
    );
    announce(`${f.plural(answer.data.total, 'case')}, page ${page}`);
  }, [answer.data]);

  const next = () => {
    if (!answer.data?.next) return;
    trails.set(view, [...trail.slice(0, page - 1), cursor]);
    go('cases', {...addressOf(filters, route, run), cursor: answer.data.next, page: page + 1});
    window.scrollTo(0, 0);
  };
  const previous = () => {
    if (page < 2) return;
    const before = trail[page - 2];
    go('cases', {...addressOf(filters, route, run), ...(before ? {cursor: before, page: page - 1} : {})});
    window.scrollTo(0, 0);
  };
  useShortcuts({']': next, '[': previous});

  return (
    <>
      <PageHead
        title="Cases"
        note={
          <>
            {run.title} · {f.plural(run.consumers, 'consumer')} · scored {f.moment(run.created)}
          </>
        }
      >
        <RunChoice run={run} path="cases" />
        <a class="button" href={`/v1/runs/${encodeURIComponent(run.id)}/scores.csv`} download>
          Scores as CSV
        </a>
      </PageHead>
      <RunBanners run={run} />
      <FilterBar run={run} filters={filters} change={change} />
      <List answer={answer} sort={filters.sort} run={run} change={change} filtered={isFiltered(filters)} />
      {answer.data && answer.data.items.length > 0 && (
        <Pager
          page={page}
          total={answer.data.total}
          shown={answer.data.items.length}
          next={answer.data.next ? next : null}
          previous={page > 1 ? previous : null}
        />
      )}
    </>
  );
}

const isFiltered = ({tier, status, district, q}: Filters) => Boolean(tier || status || district || q);

function addressOf(filters: Filters, route: Route, run: Run): api.Query {
  return {...filters, run: route.query.has('run') ? run.id : '', sort: filters.sort === 'rank' ? '' : filters.sort};
}

function List({
  answer,
  sort,
  run,
  change,
  filtered,
}: {
  answer: ReturnType<typeof useData<Answer>>;
  sort: string;
  run: Run;
  change: (changes: Partial<Filters>) => void;
  filtered: boolean;
}) {
  if (answer.error && !answer.data) return <ErrorState error={answer.error} retry={answer.reload} />;
  if (!answer.data) return <Skeleton lines={12} />;
  if (answer.data.items.length === 0) {
    return (
      <Empty title={filtered ? 'No case matches' : 'This run has no consumers'}>
        {filtered && (
          <button type="button" onClick={() => change({tier: '', status: '', district: '', q: ''})}>
            Clear all filters
          </button>
        )}
      </Empty>
    );
  }
  return (
    <div class={answer.loading ? 'reloading' : undefined} aria-busy={answer.loading}>
      {answer.error && <Trouble error={answer.error} />}
      <Scroll label="Ranked cases">
        <CaseTable
          cases={answer.data.items}
          currency={run.currency}
          sort={sort}
          setSort={(value) => change({sort: value})}
        />
      </Scroll>
    </div>
  );
}

function FilterBar({run, filters, change}: {run: Run; filters: Filters; change: (changes: Partial<Filters>) => void}) {
  const [search, setSearch] = useState(filters.q);
  const settled = useDebounced(search, 250);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (settled === search && settled.trim() !== filters.q) change({q: settled.trim()});
  }, [settled]);
  useEffect(() => {
    if (document.activeElement !== field.current) setSearch(filters.q);
  }, [filters.q]);
  useShortcuts({'/': () => field.current?.focus()});
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="field search">
        <span class="field-label">Consumer id</span>
        <input
          ref={field}
          type="search"
          placeholder="Part of an id"
          spellcheck={false}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </label>
      <Chips legend="Tier" values={kTiers} chosen={filters.tier} choose={(tier) => change({tier})} />
      <Chips legend="Status" values={kStatuses} chosen={filters.status} choose={(status) => change({status})} />
      {run.districts.length > 0 && (
        <label class="field">
          <span class="field-label">District</span>
          <select value={filters.district} onChange={(event) => change({district: event.currentTarget.value})}>
            <option value="">All</option>
            {run.districts.map(({name}) => (
              <option value={name} key={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        <span class="field-label">Order</span>
        <select value={filters.sort} onChange={(event) => change({sort: event.currentTarget.value})}>
          {kSorts.map(({key, name}) => (
            <option value={key} key={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {isFiltered(filters) && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setSearch('');
            change({tier: '', status: '', district: '', q: ''});
          }}
        >
          Clear
        </button>
      )}
    </form>
  );
}

// Several of a few values; none chosen means all.
function Chips({
  legend,
  values,
  chosen,
  choose,
}: {
  legend: string;
  values: string[];
  chosen: string;
  choose: (chosen: string) => void;
}) {
  const set = new Set(chosen.split(',').filter(Boolean));
  const toggle = (value: string) => {
    if (!set.delete(value)) set.add(value);
    choose(values.filter((one) => set.has(one)).join(','));
  };
  return (
    <fieldset class="chips">
      <legend>{legend}</legend>
      {values.map((value) => (
        <button type="button" key={value} aria-pressed={set.has(value)} onClick={() => toggle(value)}>
          {f.words(value)}
        </button>
      ))}
    </fieldset>
  );
}

function Pager({
  page,
  total,
  shown,
  next,
  previous,
}: {
  page: number;
  total: number;
  shown: number;
  next: (() => void) | null;
  previous: (() => void) | null;
}) {
  const first = (page - 1) * kPageSize + 1;
  return (
    <nav class="pager" aria-label="Pages of the list">
      <span class="numbers">
        {f.count(first)}–{f.count(first + shown - 1)} of {f.count(total)}
      </span>
      <button type="button" disabled={!previous} onClick={previous ?? undefined}>
        Previous
      </button>
      <button type="button" disabled={!next} onClick={next ?? undefined}>
        Next
      </button>
    </nav>
  );
}
