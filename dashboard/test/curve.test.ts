// What the load curve shows: nothing lost that stands out, nothing drawn across a gap.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as m from '../src/charts/curve_model';
import {kDay} from '../src/format';
import {seeded} from './random';

const draw = seeded(7);

const kStart = Date.UTC(2014, 0, 1);

function series(values: (number | null)[], step = kDay): m.Readings {
  return m.readingsOf({times: values.map((_, at) => new Date(kStart + at * step).toISOString()), values});
}

function random(size: number, missing: number): (number | null)[] {
  return Array.from({length: size}, () => (draw() < missing ? null : draw() * 40));
}

test('pieces end at gaps', () => {
  const readings = series([1, 2, null, null, 3, null, 4, 5]);
  const found = m.pieces(readings, m.wholeWindow(readings), 1000);
  assert.deepEqual(
    found.map((piece) => piece.map(([, value]) => value)),
    [[1, 2], [3], [4, 5]],
  );
  assert.deepEqual(m.gaps(readings), [
    {from: kStart + 2 * kDay, to: kStart + 4 * kDay},
    {from: kStart + 5 * kDay, to: kStart + 6 * kDay},
  ]);
});

test('rows that a file lacks altogether are gaps too', () => {
  const readings = m.readingsOf({
    times: ['2014-01-01', '2014-01-02', '2014-01-03', '2014-01-09', '2014-01-10'],
    values: [1, 2, 3, 4, 5],
  });
  assert.equal(m.pieces(readings, m.wholeWindow(readings), 1000).length, 2);
  assert.equal(m.pieces(readings, m.wholeWindow(readings), 1).length, 2);
});

test('thinning keeps the extremes of every column, the order of time, and never joins across a gap', () => {
  for (let round = 0; round < 60; ++round) {
    const values = random(3000, 0.02);
    const readings = series(values);
    const columns = 80;
    const whole = m.wholeWindow(readings);
    const found = m.pieces(readings, whole, columns);
    const points = found.flat();
    assert.ok(points.length <= 4 * columns + 4 * m.gaps(readings).length + 8);
    for (let at = 1; at < points.length; ++at) assert.ok(points[at]![0] > points[at - 1]![0]);
    const kept = new Set(points.map(([time]) => time));
    const width = (whole.to - whole.from) / columns;
    for (let column = 0; column < columns; ++column) {
      const inside = values.flatMap((value, at) =>
        value !== null && Math.floor((at * kDay) / width) === column ? [[value, kStart + at * kDay] as const] : [],
      );
      for (const pick of [Math.max, Math.min]) {
        const extreme = pick(...inside.map(([value]) => value));
        assert.ok(inside.some(([value, time]) => value === extreme && kept.has(time)));
      }
    }
    for (const piece of found) {
      for (let at = 1; at < piece.length; ++at) {
        const from = (piece[at - 1]![0] - kStart) / kDay;
        const to = (piece[at]![0] - kStart) / kDay;
        assert.ok(values.slice(from, to).every((value) => value !== null));
      }
    }
  }
});

test('without thinning every reading of the window is there', () => {
  const values = random(200, 0.1);
  const readings = series(values);
  const points = m.pieces(readings, m.wholeWindow(readings), 100000).flat();
  assert.deepEqual(
    points.map(([, value]) => value),
    values.filter((value) => value !== null),
  );
});

test('the running mean is the mean of what was read around', () => {
  const values = random(400, 0.15);
  const readings = series(values);
  const level = m.runningMean(readings, 14 * kDay);
  let compared = 0;
  values.forEach((value, at) => {
    const around = values.slice(Math.max(0, at - 7), at + 8);
    const read = around.filter((one) => one !== null) as number[];
    if (value === null) return assert.ok(Number.isNaN(level.values[at]!));
    if (read.length * 2 < Math.min(14, around.length)) return;
    ++compared;
    assert.ok(Math.abs(level.values[at]! - read.reduce((a, b) => a + b) / read.length) < 1e-9);
  });
  assert.ok(compared > 300);
});

test('bills are shown as use a day', () => {
  const monthly = m.readingsOf({times: ['2014-01-01', '2014-02-01', '2014-03-01'], values: [310, 280, 310]});
  assert.deepEqual([...m.usePerDay(monthly, 'monthly').values].slice(0, 2), [10, 10]);
  const bills = m.readingsOf({times: ['2014-01-01', '2014-03-02', '2014-05-01'], values: [99, 600, 120]});
  const rates = [...m.usePerDay(bills, 'irregular').values];
  assert.ok(Number.isNaN(rates[0]!));
  assert.deepEqual(rates.slice(1), [10, 2]);
  const daily = series([5, 6]);
  assert.equal(m.usePerDay(daily, 'daily'), daily);
});

test('a level a day fits half-hourly readings', () => {
  assert.equal(m.levelFactor(series([1, 2, 3], kDay / 48)), 1 / 48);
  assert.equal(m.levelFactor(series([1, 2, 3])), 1);
});

test('zooming keeps the centre in place, panning the length, both the whole', () => {
  const whole = {from: 0, to: 1000};
  for (let round = 0; round < 500; ++round) {
    const from = draw() * 800;
    const window = {from, to: from + 50 + draw() * 150};
    const centre = window.from + draw() * (window.to - window.from);
    const zoomed = m.zoomed(window, 0.5, centre, whole, 10);
    const share = (at: number, {from: a, to: b}: m.Window) => (at - a) / (b - a);
    assert.ok(Math.abs(share(centre, window) - share(centre, zoomed)) < 1e-9);
    for (const next of [
      m.zoomed(window, 3, centre, whole, 10),
      m.zoomed(window, 100, centre, whole, 10),
      m.panned(window, (draw() - 0.5) * 4000, whole),
    ]) {
      assert.ok(next.from >= 0 && next.to <= 1000 + 1e-9 && next.to > next.from);
    }
    const panned = m.panned(window, (draw() - 0.5) * 4000, whole);
    assert.ok(Math.abs(panned.to - panned.from - (window.to - window.from)) < 1e-9);
    const least = m.zoomed(window, 1e-9, centre, whole, 10);
    assert.ok(Math.abs(least.to - least.from - 10) < 1e-6);
  }
});

test('the nearest reading', () => {
  const readings = series([1, 2, 3]);
  assert.equal(m.nearest(readings, kStart - 5 * kDay), 0);
  assert.equal(m.nearest(readings, kStart + 0.4 * kDay), 0);
  assert.equal(m.nearest(readings, kStart + 0.6 * kDay), 1);
  assert.equal(m.nearest(readings, kStart + 50 * kDay), 2);
  assert.equal(m.nearest(series([]), 0), -1);
});

test('the table holds every reading, or months that add up', () => {
  const values = random(500, 0.2);
  const readings = series(values);
  const each = m.tableRows(readings, m.wholeWindow(readings), 1000);
  assert.equal(each.monthly, false);
  assert.deepEqual(
    each.rows.map(({mean}) => mean),
    values,
  );
  const months = m.tableRows(readings, m.wholeWindow(readings), 100);
  assert.equal(months.monthly, true);
  assert.equal(months.rows.length, 17);
  assert.equal(
    months.rows.reduce((sum, {read, missing}) => sum + read + missing, 0),
    500,
  );
  const total = months.rows.reduce((sum, {mean, read}) => sum + (mean ?? 0) * read, 0);
  assert.ok(Math.abs(total - values.reduce<number>((sum, value) => sum + (value ?? 0), 0)) < 1e-6);
});
