// Rows of cases: what an analyst compares at a glance; j and k walk through them.
import {useRef} from 'preact/hooks';
import * as f from '../format';
import {href} from '../router';
import {useShortcuts} from '../shortcuts';
import type {CaseSummary} from '../types';
import {Id, IntervalBar, StatusMark, TierMark} from './bits';

export const kSorts = [
  {key: 'rank', name: 'Rank'},
  {key: '-probability', name: 'Probability, highest first'},
  {key: '-missing_kwh', name: 'Energy missing, most first'},
  {key: '-anomaly_score', name: 'Anomaly score, highest first'},
  {key: 'consumer_id', name: 'Consumer id'},
];

interface Column {
  name: string;
  sort?: string;
  number?: boolean;
  wide?: boolean;
  cell: (one: CaseSummary, currency: string) => preact.ComponentChildren;
}

const kColumns: Column[] = [
  {name: 'Rank', sort: 'rank', number: true, cell: ({rank}) => f.count(rank)},
  {
    name: 'Consumer',
    sort: 'consumer_id',
    cell: ({id, consumer_id, listed_for, tier, status}) => (
      <>
        <Id id={consumer_id} href={href(`cases/${encodeURIComponent(id)}`)} length={18} />
        <span class="narrow-only">
          {' '}
          <TierMark tier={tier} /> {status !== 'open' && <StatusMark status={status} />}
        </span>
        {listed_for === 'sign' && (
          <span class="tag sign" title="Listed for a rare sign in its readings, whatever its probability">
            rare sign
          </span>
        )}
      </>
    ),
  },
  {name: 'Tier', wide: true, cell: ({tier}) => <TierMark tier={tier} />},
  {
    name: 'Probability of theft',
    sort: '-probability',
    cell: ({probability, probability_low, probability_high}) => (
      <span class="with-bar">
        <span class="numbers" title={`95 % interval ${f.range(probability_low, probability_high, f.percent)}`}>
          {f.percent(probability)}
        </span>
        <IntervalBar value={probability} low={probability_low} high={probability_high} />
        <span class="visually-hidden">, interval {f.range(probability_low, probability_high, f.percent)}</span>
      </span>
    ),
  },
  {name: 'Change', wide: true, cell: ({change_date}) => <span class="numbers">{f.day(change_date)}</span>},
  {
    name: 'Missing kWh',
    sort: '-missing_kwh',
    number: true,
    cell: ({missing_kwh}) => (
      <span
        title={missing_kwh ? f.range(missing_kwh.low, missing_kwh.high, (value) => f.measure(value, 'kWh')) : undefined}
      >
        {f.measure(missing_kwh?.value)}
      </span>
    ),
  },
  {name: 'Worth', wide: true, number: true, cell: ({missing_money}, currency) => f.money(missing_money, currency)},
  {
    name: 'District',
    wide: true,
    cell: ({district}) => (
      <span class="clip" title={district ?? undefined}>
        {district ?? f.kNothing}
      </span>
    ),
  },
  {name: 'Status', wide: true, cell: ({status}) => <StatusMark status={status} />},
];

export function CaseTable({
  cases,
  currency,
  sort,
  setSort,
}: {
  cases: CaseSummary[];
  currency: string;
  sort: string;
  setSort: (sort: string) => void;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const step = (by: number) => {
    const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>('a.id') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const target = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
    target?.focus();
    target?.scrollIntoView({block: 'nearest'});
  };
  useShortcuts({j: () => step(1), k: () => step(-1)});
  const anyDistrict = cases.some(({district}) => district !== null);
  const columns = kColumns.filter(({name}) => name !== 'District' || anyDistrict);
  return (
    <table class="cases">
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              class={classOf(column)}
              aria-sort={column.sort === sort ? (sort.startsWith('-') ? 'descending' : 'ascending') : undefined}
            >
              {column.sort ? (
                <button type="button" class="sort" onClick={() => setSort(column.sort!)}>
                  {column.name}
                </button>
              ) : (
                column.name
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {cases.map((one) => (
          <tr key={one.id}>
            {columns.map((column) => (
              <td key={column.name} class={classOf(column)}>
                {column.cell(one, currency)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const classOf = ({number, wide}: Column) => [number && 'number', wide && 'wide'].filter(Boolean).join(' ') || undefined;
