// The plan: whom to visit under a budget or a number of visits, and what that should bring back.
import {useEffect, useState} from 'preact/hooks';
import * as api from '../api';
import {ShareBar} from '../charts/bars';
import * as f from '../format';
import {Field, Id, PageHead, RunBanners, Scroll, Tile, Tiles} from '../parts/bits';
import {RunChoice, WithRun} from '../parts/run_choice';
import {Awaited, Empty} from '../parts/states';
import {go, href, type Route} from '../router';
import type {Plan, Run} from '../types';
import {useData, useDebounced} from '../use_data';

export function PlanPage({route}: {route: Route}) {
  useEffect(() => void (document.title = 'Plan · Meterhound'), []);
  return <WithRun route={route}>{(run) => <PlanOf run={run} route={route} key={run.id} />}</WithRun>;
}

interface Terms {
  by: 'visits' | 'budget';
  visits: string;
  budget: string;
  visit_cost: string;
  travel_cost: string;
  tariff: string;
  random_share: string;
}

function termsOf(route: Route, run: Run): Terms {
  const of = (name: string, otherwise: string) => route.query.get(name) ?? otherwise;
  return {
    by: route.query.has('budget') ? 'budget' : 'visits',
    visits: of('visits', String(Math.min(50, run.consumers))),
    budget: of('budget', ''),
    visit_cost: of('visit_cost', ''),
    travel_cost: of('travel_cost', '0'),
    tariff: of('tariff', String(run.tariff)),
    random_share: of('random_share', ''),
  };
}

const asked = ({by, visits, budget, visit_cost, travel_cost, tariff, random_share}: Terms, run: Run): api.Query => ({
  run: run.id,
  ...(by === 'visits' ? {visits} : {budget}),
  visit_cost,
  ...(run.districts.length > 0 ? {travel_cost} : {}),
  tariff,
  random_share,
});

// What hinders a plan, in words; null where nothing does. Cost and random share may be open: then the service's settings hold.
function trouble({by, visits, budget, visit_cost, travel_cost, tariff, random_share}: Terms): string | null {
  const below = (text: string, least: number) => text.trim() !== '' && !(Number(text) >= least);
  const open = (text: string) => text.trim() === '';
  if ([visit_cost, travel_cost, tariff, random_share].some((text) => below(text, 0)))
    return 'Costs, tariff and share are numbers from 0 on.';
  if (open(tariff) || open(travel_cost)) return 'Fill in every number to see the plan.';
  if (by === 'visits') return open(visits) || below(visits, 1) ? 'Give the number of visits, at least 1.' : null;
  if (!(Number(visit_cost) > 0)) return 'Give the cost of a visit: without it no budget is ever used up.';
  return open(budget) || below(budget, 0) ? 'Give the budget.' : null;
}

// What the service chose for terms that were left open.
const settled = (terms: Terms, plan: Plan): Terms => ({
  ...terms,
  visit_cost: terms.visit_cost || String(plan.terms.visit_cost),
  random_share: terms.random_share || String(plan.terms.random_share),
});

function PlanOf({run, route}: {run: Run; route: Route}) {
  const [terms, setTerms] = useState(() => termsOf(route, run));
  const rested = useDebounced(terms, 300);
  const query = asked(rested, run);
  const key = JSON.stringify(query);
  const hindrance = trouble(rested);
  const plan = useData(hindrance ? null : key, (signal) => api.plan(query, signal));
  useEffect(() => {
    if (!hindrance) go('plan', {...query, run: route.query.has('run') ? run.id : ''}, true);
  }, [key]);
  useEffect(() => {
    if (plan.data) setTerms((now) => settled(now, plan.data!));
  }, [plan.data]);
  return (
    <>
      <PageHead title="Plan" note={`Whom to visit first, from ${run.title}`}>
        <RunChoice run={run} path="plan" />
        <a class="button" href={api.planLink('csv', query)} download>
          Export CSV
        </a>
        <a class="button" href={api.planLink('html', query)} target="_blank" rel="noopener">
          Work orders
        </a>
      </PageHead>
      <RunBanners run={run} />
      <TermsForm terms={terms} run={run} change={(changes) => setTerms({...terms, ...changes})} />
      {hindrance ? (
        <p class="trouble" role="status">
          {hindrance}
        </p>
      ) : (
        <Awaited from={plan}>{(data) => <PlanView plan={data} run={run} />}</Awaited>
      )}
    </>
  );
}

function TermsForm({terms, run, change}: {terms: Terms; run: Run; change: (changes: Partial<Terms>) => void}) {
  const byVisits = terms.by === 'visits';
  const money = (label: string, per = '') => (run.currency ? `${label} (${run.currency}${per})` : label + per);
  const cost = Math.max(1, Number(terms.visit_cost) || 1);
  const most = byVisits ? Math.min(run.consumers, 500) : Math.min(run.consumers, 500) * cost;
  const limit = byVisits ? terms.visits : terms.budget;
  const setLimit = (value: string) => change(byVisits ? {visits: value} : {budget: value});
  return (
    <form class="card terms" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="chips">
        <legend>Limited by</legend>
        <button type="button" aria-pressed={byVisits} onClick={() => change({by: 'visits'})}>
          visits
        </button>
        <button
          type="button"
          aria-pressed={!byVisits}
          onClick={() =>
            change({
              by: 'budget',
              budget: terms.budget || String(Math.round(Number(terms.visits) * Number(terms.visit_cost)) || ''),
            })
          }
        >
          budget
        </button>
      </fieldset>
      <div class="field slider">
        <label class="field-label" for="limit">
          {byVisits ? 'Visits' : money('Budget')}
        </label>
        <div class="slider-row">
          <input
            id="limit"
            type="range"
            min={byVisits ? 1 : cost}
            max={most}
            step={byVisits ? 1 : cost}
            value={Math.min(Number(limit) || 0, most)}
            onInput={(event) => setLimit(event.currentTarget.value)}
          />
          <input
            type="number"
            aria-label={byVisits ? 'Number of visits' : 'Budget'}
            min={byVisits ? 1 : 0}
            step={byVisits ? 1 : 'any'}
            value={limit}
            onInput={(event) => setLimit(event.currentTarget.value)}
          />
        </div>
      </div>
      <Field label={money('Cost of a visit')}>
        <input
          type="number"
          min="0"
          step="any"
          value={terms.visit_cost}
          onInput={(event) => change({visit_cost: event.currentTarget.value})}
        />
      </Field>
      {run.districts.length > 0 && (
        <Field label={money('Way to a district')}>
          <input
            type="number"
            min="0"
            step="any"
            value={terms.travel_cost}
            onInput={(event) => change({travel_cost: event.currentTarget.value})}
          />
        </Field>
      )}
      <Field label={money('Tariff', ' a kWh')}>
        <input
          type="number"
          min="0"
          step="any"
          value={terms.tariff}
          onInput={(event) => change({tariff: event.currentTarget.value})}
        />
      </Field>
      <Field label="Drawn at random">
        <select value={terms.random_share} onChange={(event) => change({random_share: event.currentTarget.value})}>
          {[...new Set(['0', '0.05', '0.1', '0.2', terms.random_share || '0.05'])].map((share) => (
            <option value={share} key={share}>
              {f.percent(Number(share))}
            </option>
          ))}
        </select>
      </Field>
    </form>
  );
}

function PlanView({plan, run}: {plan: Plan; run: Run}) {
  const currency = plan.terms.currency || run.currency;
  const cash = (value: number | null | undefined) => f.money(value, currency);
  const kwh = (value: number | null | undefined) => f.measure(value, 'kWh');
  const {hits, kwh: energy, money, net} = plan.expected;
  if (plan.visits.length === 0) {
    return (
      <Empty title="No visit pays under these terms">
        <p>Every visit is expected to cost more than it brings back, or the budget is smaller than one visit.</p>
      </Empty>
    );
  }
  return (
    <>
      <Tiles>
        <Tile label="Visits" note={`${cash(plan.cost)} in all`}>
          {f.count(plan.visits.length)}
        </Tile>
        <Tile label="Thefts expected" note={f.range(hits.low, hits.high, f.count)}>
          {f.measure(hits.value)}
        </Tile>
        <Tile label="Energy expected" note={f.range(energy.low, energy.high, kwh)}>
          {kwh(energy.value)}
        </Tile>
        <Tile label="Worth" note={f.range(money.low, money.high, cash)}>
          {cash(money.value)}
        </Tile>
        <Tile label="Left after costs" note={f.range(net.low, net.high, cash)}>
          {cash(net.value)}
        </Tile>
      </Tiles>
      <p class="note">
        Ranges hold in 95 % of simulated outcomes.
        {plan.drawn > 0 &&
          ` ${f.plural(plan.drawn, 'visit')} ${plan.drawn === 1 ? 'is' : 'are'} drawn at random from ${f.count(plan.drawn_from)} others, to learn how much theft there is where nobody looks.`}
        {plan.visited_before > 0 &&
          ` ${f.plural(plan.visited_before, 'consumer')} already visited ${plan.visited_before === 1 ? 'is' : 'are'} left out.`}
        {measured(plan)}
      </p>
      <Districts plan={plan} cash={cash} />
      <Visits plan={plan} cash={cash} />
      <p class="note">{plan.note}</p>
    </>
  );
}

function measured({measured_precision: precision, visits}: Plan): string {
  const all = precision?.all;
  return all
    ? ` When the model was measured, ${f.percent(all.value)} of as many visits (${f.count(visits.length)}) in the order of probability found theft (${f.range(all.low, all.high, f.percent)}).`
    : '';
}

function Districts({plan, cash}: {plan: Plan; cash: (value: number) => string}) {
  const groups = new Map<string, {visits: number; hits: number; kwh: number; net: number}>();
  for (const {district, probability, expected_kwh, expected_net} of plan.visits) {
    const group = groups.get(district) ?? {visits: 0, hits: 0, kwh: 0, net: 0};
    groups.set(district, {
      visits: group.visits + 1,
      hits: group.hits + probability.value,
      kwh: group.kwh + expected_kwh.value,
      net: group.net + expected_net.value,
    });
  }
  if (groups.size === 0 || (groups.size === 1 && groups.has(''))) return null;
  const rows = [...groups].sort(([, a], [, b]) => b.net - a.net);
  const most = Math.max(...rows.map(([, {net}]) => net));
  return (
    <section aria-labelledby="districts">
      <h2 id="districts">Districts</h2>
      <Scroll label="Districts">
        <table>
          <thead>
            <tr>
              <th scope="col">District</th>
              <th scope="col" class="number">
                Visits
              </th>
              <th scope="col" class="number">
                Thefts expected
              </th>
              <th scope="col" class="number">
                kWh expected
              </th>
              <th scope="col" class="number">
                Left after costs
              </th>
              <th scope="col" class="plot">
                <span class="visually-hidden">Drawn</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, {visits, hits, kwh, net}]) => (
              <tr key={name}>
                <th scope="row">{name || 'without district'}</th>
                <td class="number">{f.count(visits)}</td>
                <td class="number">{f.measure(hits)}</td>
                <td class="number">{f.measure(kwh)}</td>
                <td class="number">{cash(net)}</td>
                <td class="plot">
                  <ShareBar value={net} most={most} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

const kAtOnce = 100;

function Visits({plan, cash}: {plan: Plan; cash: (value: number) => string}) {
  const [shown, setShown] = useState(kAtOnce);
  const districts = plan.visits.some(({district}) => district !== '');
  return (
    <section aria-labelledby="visits">
      <h2 id="visits">Visits</h2>
      <Scroll label="Visits of the plan">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                No.
              </th>
              <th scope="col">Consumer</th>
              <th scope="col" class="number">
                Probability
              </th>
              <th scope="col" class="number">
                kWh expected
              </th>
              <th scope="col" class="number wide">
                Range
              </th>
              <th scope="col" class="number">
                Left after cost
              </th>
              {districts && <th scope="col">District</th>}
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {plan.visits.slice(0, shown).map((visit) => (
              <tr key={visit.rank}>
                <td class="number">{f.count(visit.rank)}</td>
                <td>
                  <Id
                    id={visit.consumer_id}
                    length={22}
                    {...(visit.case ? {href: href(`cases/${encodeURIComponent(visit.case)}`)} : {})}
                  />
                </td>
                <td class="number">{f.percent(visit.probability.value)}</td>
                <td
                  class="number"
                  title={
                    visit.energy_from === 'typical' ? 'No drop is dated: a typical energy' : 'Since the dated drop'
                  }
                >
                  {f.measure(visit.expected_kwh.value)}
                  {visit.energy_from === 'typical' && <span class="note"> typical</span>}
                </td>
                <td class="number wide">
                  {f.range(visit.expected_kwh.low, visit.expected_kwh.high, (value) => f.measure(value))}
                </td>
                <td class="number">{cash(visit.expected_net.value)}</td>
                {districts && <td>{visit.district || f.kNothing}</td>}
                <td>{visit.reason === 'random' ? <span class="tag">drawn</span> : 'ranked'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {shown < plan.visits.length && (
        <button type="button" onClick={() => setShown(shown + 5 * kAtOnce)}>
          Show more of {f.count(plan.visits.length)}
        </button>
      )}
    </section>
  );
}
