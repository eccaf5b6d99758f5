// What is said of a retraining: each outcome in its own words, sure differences told from chance.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  differenceReach,
  kFigures,
  leaning,
  leftOpen,
  retrainingOf,
  undecided,
  verdictWords,
} from '../src/parts/model_words';
import type {Alert, Comparison, Estimate, Job, ModelEntry, Verdict} from '../src/types';
import {seeded} from './random';

const next = seeded(7);
const estimate = (): Estimate => {
  const [low, value, high] = [next(), next(), next()].map((one) => one * 2 - 1).sort((a, b) => a - b) as [
    number,
    number,
    number,
  ];
  return {value, low, high};
};
const figures = () => Object.fromEntries(kFigures.map(({key}) => [key, estimate()])) as Comparison['difference'];
const comparison = (margin = 0.02): Comparison => ({
  consumers: 250,
  thefts: 40,
  margin,
  champion: figures(),
  challenger: figures(),
  difference: figures(),
});

test('every outcome of a retraining has words of its own', () => {
  const outcomes = (['promote', 'ask', 'reject'] as Verdict[]).map((verdict) =>
    verdictWords({verdict, comparison: comparison()}),
  );
  outcomes.push(verdictWords({verdict: 'reject', comparison: null}));
  assert.equal(new Set(outcomes.map(({tag}) => tag)).size, 4);
  assert.equal(new Set(outcomes.map(({text}) => text)).size, 4);
  assert.match(verdictWords({verdict: 'reject', comparison: null}).text, /data/);
});

test('a difference is sure when nothing lies outside its interval, and turns round with what is better', () => {
  for (let turn = 0; turn < 500; ++turn) {
    const one = estimate();
    const turned = {value: -one.value, low: -one.high, high: -one.low};
    const found = leaning(one, 'more');
    assert.equal(found, one.low > 0 ? 'better' : one.high < 0 ? 'worse' : 'open');
    assert.equal(leaning(turned, 'less'), found);
  }
  assert.equal(leaning({value: 0.1, low: 0, high: 0.2}, 'more'), 'open');
});

test('what is judged and the margin have room in the drawing of differences', () => {
  for (let turn = 0; turn < 100; ++turn) {
    const one = comparison(next());
    const reach = differenceReach(one);
    assert.ok(reach > one.margin);
    for (const key of ['roc_auc', 'pr_auc'] as const)
      for (const end of [one.difference[key].low, one.difference[key].high]) assert.ok(reach > Math.abs(end));
  }
  const none = {low: null, value: null, high: null} as unknown as Estimate; // what could not be computed
  const empty = {...comparison(0), difference: Object.fromEntries(kFigures.map(({key}) => [key, none]))};
  assert.ok(differenceReach(empty as Comparison) > 0);
});

test('a model is left open only while the one that it was held against is in use', () => {
  const model = (verdict: Verdict, active = false) =>
    ({fingerprint: 'new', active, manifest: {retraining: {verdict, champion: 'old'}}}) as unknown as ModelEntry;
  assert.ok(leftOpen(model('ask'), {active: 'old'}));
  assert.ok(!leftOpen(model('ask'), {active: 'another'}));
  assert.ok(!leftOpen(model('ask', true), {active: 'new'}));
  assert.ok(!leftOpen(model('promote'), {active: 'old'}));
  assert.ok(!leftOpen({fingerprint: 'one', active: false, manifest: {}} as ModelEntry, {active: 'old'}));
});

test('only a retraining that is done has an outcome; a drift check has a verdict of another kind', () => {
  const job = (kind: string, state: string, result: unknown) => ({kind, state, result}) as Job;
  assert.equal(retrainingOf(job('retrain', 'done', {verdict: 'ask'}))?.verdict, 'ask');
  assert.equal(retrainingOf(job('retrain', 'failed', null)), null);
  assert.equal(retrainingOf(job('retrain', 'running', null)), null);
  assert.equal(retrainingOf(job('drift', 'done', {verdict: 'stable'})), null);
});

test('a retraining is undecided while its alert fires, and no other', () => {
  const alert = (name: string, state: string) => ({alert: name, state}) as Alert;
  assert.ok(undecided([alert('drift', 'resolved'), alert('retraining', 'firing')]));
  assert.ok(!undecided([alert('drift', 'firing'), alert('retraining', 'resolved')]));
  assert.ok(!undecided(undefined));
});
