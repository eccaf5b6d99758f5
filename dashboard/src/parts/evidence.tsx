// What the readings themselves say for a visit and against one, each with its weight, days and numbers.
import {ShareBar} from '../charts/bars';
import * as f from '../format';
import type {CaseDocument, Finding} from '../types';

const kTitles: Record<string, string> = {
  level_drop: 'Use dropped and stayed low',
  missing_energy: 'Energy missing since the drop',
  zero_streak: 'Zeros in a row',
  flat_readings: 'The same reading again and again',
  weekday_pattern_lost: 'The rhythm of the week is gone',
  level_rise: 'Use rose',
  recovered: 'Use came back',
  weekday_pattern_kept: 'The rhythm of the week stayed',
  steady_year: 'Last year looked the same',
  gap_at_change: 'A gap beside the change',
  few_readings: 'Few readings exist',
  seasonal_absence: 'The site is empty at such times every year',
  no_change: 'No lasting change of level',
};

export const findingTitle = (code: string) => kTitles[code] ?? f.sentence(code);

export function EvidenceSection({document}: {document: CaseDocument}) {
  const {findings} = document.evidence;
  return (
    <section aria-labelledby="evidence" class="card">
      <h2 id="evidence">Evidence in the readings</h2>
      <Side
        title="For a visit"
        findings={findings.filter(({speaks}) => speaks === 'for')}
        tone="raises"
        nothing="Nothing in the readings speaks for a visit: the score comes from elsewhere."
      />
      <Side
        title="Against"
        findings={findings.filter(({speaks}) => speaks === 'against')}
        tone="lowers"
        nothing="Nothing in the readings speaks against it."
      />
    </section>
  );
}

function Side({
  title,
  findings,
  tone,
  nothing,
}: {
  title: string;
  findings: Finding[];
  tone: 'raises' | 'lowers';
  nothing: string;
}) {
  return (
    <div>
      <h3>{title}</h3>
      {findings.length === 0 && <p class="note">{nothing}</p>}
      <ul class="findings">
        {findings.map((finding, index) => (
          <li key={index}>
            <div class="finding-head">
              <strong>{findingTitle(finding.code)}</strong>
              <span class="finding-weight" title="weight, from 0 to 1">
                <ShareBar value={finding.weight} most={1} tone={tone} />
                <span class="numbers">
                  <span class="visually-hidden">weight </span>
                  {f.decimal(finding.weight, 2)}
                </span>
              </span>
            </div>
            <p class="note">
              {days(finding)}
              {numbers(finding).map((text) => ` · ${text}`)}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

const days = ({begin, end}: Finding) => (begin === end ? f.day(begin) : `${f.day(begin)} to ${f.day(end)}`);

// Numbers carry their unit in their name: before_kwh_per_day, zero_readings, observed_share; the ends of an interval follow
// their value: missing_kwh, missing_kwh_low, missing_kwh_high.
function numbers({numbers: all}: Finding): string[] {
  return Object.entries(all).flatMap(([name, value]) => {
    if (/_(low|high)$/.test(name)) return [];
    const low = all[`${name}_low`];
    const high = all[`${name}_high`];
    const text = named(name, value);
    return [
      low === undefined || high === undefined ? text : `${text} (${f.range(low, high, (end) => f.measure(end))})`,
    ];
  });
}

function named(name: string, value: number): string {
  const of = (ending: string) => f.words(name.slice(0, -ending.length)).trim();
  if (name.endsWith('kwh_per_day')) return `${of('kwh_per_day')} ${f.measure(value, 'kWh a day')}`;
  if (name.endsWith('kwh')) return `${of('kwh')} ${f.measure(value, 'kWh')}`.trim();
  if (name.endsWith('_share')) return `${of('_share')} ${f.percent(value)}`;
  if (name.endsWith('_readings')) return `${f.count(value)} ${f.words(name)}`;
  return `${f.words(name)} ${f.measure(value)}`;
}
