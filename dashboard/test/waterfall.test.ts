// The waterfall adds up.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mismatch, waterfall, waterfallRange} from '../src/charts/waterfall_model';
import type {Explanation} from '../src/types';
import {seeded} from './random';

const draw = seeded(7);

function explanation(): Explanation {
  const contributions = Array.from({length: 10}, (_, at) => ({
    feature: `f${at}`,
    title: `feature ${at}`,
    group: 'behaviour',
    value: at,
    shown: String(at),
    log_odds: draw() * 2 - 1,
  }));
  const base = draw() * 4 - 4;
  const rest = draw() * 2 - 1;
  return {
    base_log_odds: base,
    rest_log_odds: rest,
    contributions,
    margin: contributions.reduce((sum, one) => sum + one.log_odds, base + rest),
  };
}

test('each step begins where the one before ended, and the last is the margin', () => {
  for (let round = 0; round < 200; ++round) {
    const given = explanation();
    const steps = waterfall(given);
    assert.deepEqual([steps[0]!.kind, steps.at(-2)!.kind, steps.at(-1)!.kind], ['base', 'rest', 'margin']);
    for (let at = 1; at < steps.length - 1; ++at) {
      assert.equal(steps[at]!.from, steps[at - 1]!.to);
      assert.ok(Math.abs(steps[at]!.to - steps[at]!.from - steps[at]!.change) < 1e-12);
    }
    assert.ok(Math.abs(steps.at(-2)!.to - given.margin) < 1e-9);
    assert.ok(mismatch(given) < 1e-9);
    const [low, high] = waterfallRange(steps);
    for (const {kind, from, to} of steps) {
      for (const level of kind === 'base' || kind === 'margin' ? [to] : [from, to])
        assert.ok(level > low && level < high);
    }
  }
});

test('a sum that misses the margin is told', () => {
  const given = explanation();
  given.margin += 0.5;
  assert.ok(Math.abs(mismatch(given) - 0.5) < 1e-9);
});

test('an explanation without contributions is a base and a rest', () => {
  const steps = waterfall({base_log_odds: -2, rest_log_odds: 0, contributions: [], margin: -2});
  assert.equal(steps.length, 3);
  const [low, high] = waterfallRange(steps);
  assert.ok(low < -2 && high > -2);
});
