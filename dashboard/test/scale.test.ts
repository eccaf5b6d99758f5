// Scales and ticks.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {linear, niceStep, ticks, timeTicks} from '../src/charts/scale';
import {kDay} from '../src/format';
import {seeded} from './random';

const draw = seeded(7);

test('a scale maps both ends and inverts', () => {
  const scale = linear([10, 30], [100, 0]);
  assert.equal(scale(10), 100);
  assert.equal(scale(30), 0);
  for (const value of [10, 13.7, 22, 30, 45]) assert.ok(Math.abs(scale.invert(scale(value)) - value) < 1e-9);
});

test('an empty range gives numbers, not NaN', () => {
  assert.ok(Number.isFinite(linear([5, 5], [0, 100])(5)));
  assert.deepEqual(ticks(0, 0, 4).every(Number.isFinite), true);
});

test('ticks are round, rising, within the range and about as many as wanted', () => {
  for (let round = 0; round < 500; ++round) {
    const high = 10 ** (draw() * 8 - 3);
    const low = draw() < 0.5 ? 0 : -high * draw();
    const found = ticks(low, high, 4);
    const step = niceStep(high - low, 4);
    assert.ok(found.length >= 2 && found.length <= 8, `${low}..${high}: ${found}`);
    found.forEach((value, index) => {
      assert.ok(value >= low - step * 1e-6 && value <= high + step * 1e-6);
      if (index) assert.ok(Math.abs(value - found[index - 1]! - step) < step * 1e-6);
    });
    assert.match((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toFixed(6), /^(1|2|5|10)\.0+$/);
  }
});

test('time ticks stand on the first of months, days or hours', () => {
  const start = Date.UTC(2014, 0, 1);
  for (const days of [0.5, 1, 3, 10, 30, 61, 120, 365, 1034, 4000, 20000]) {
    for (const wanted of [2, 5, 12]) {
      const found = timeTicks(start + 12345, start + days * kDay, wanted);
      assert.ok(found.length <= wanted + 1, `${days} days, ${wanted} wanted, ${found.length} found`);
      for (const {time} of found) {
        assert.ok(time >= start && time <= start + days * kDay);
        if (days > 61) assert.equal(new Date(time).getUTCDate(), 1);
        assert.equal(time % 3_600_000, 0);
      }
    }
  }
  assert.deepEqual(
    timeTicks(Date.UTC(2014, 0, 1), Date.UTC(2016, 9, 31), 12)
      .map(({label}) => label)
      .slice(0, 5),
    ['Jan 2014', 'Apr', 'Jul', 'Oct', 'Jan 2015'],
  );
});
