// Numbers, dates and ids as the page writes them.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as f from '../src/format';

test('measures keep three digits and their grouping', () => {
  assert.equal(f.measure(25.09459), '25.1');
  assert.equal(f.measure(7.4712, 'kWh'), '7.47 kWh');
  assert.equal(f.measure(4715.4, 'kWh'), '4,715 kWh');
  assert.equal(f.measure(221861.96), '221,862');
  assert.equal(f.measure(0), '0');
  for (const nothing of [null, undefined, NaN, Infinity]) assert.equal(f.measure(nothing, 'kWh'), f.kNothing);
});

test('shares below ten per cent keep a digit and never read as zero or a full ten', () => {
  assert.equal(f.percent(0.6423), '64 %');
  assert.equal(f.percent(0.085), '8.5 %');
  assert.equal(f.percent(0.004), '0.4 %');
  assert.equal(f.percent(0.0997), '10 %');
  assert.equal(f.percent(0), '0 %');
  assert.equal(f.percent(1), '100 %');
});

test('money takes any currency that settings may hold', () => {
  assert.equal(f.money(706.6, 'EUR').replace(/\s/g, ' '), 'EUR 707');
  assert.equal(f.money(0.15, 'EUR').replace(/\s/g, ' '), 'EUR 0.15');
  assert.equal(f.money(40, '').trim(), '40');
  assert.equal(f.money(40, 'shells'), '40 shells');
  assert.equal(f.money(null, 'EUR'), f.kNothing);
});

test('log-odds carry their sign', () => {
  assert.equal(f.signed(0.1906), '+0.19');
  assert.equal(f.signed(-2.3789), '−2.38');
});

test('days are those of the readings in every time zone', () => {
  const zone = process.env.TZ;
  for (const other of ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC']) {
    process.env.TZ = other;
    assert.equal(f.day('2014-01-31'), '31 Jan 2014');
    assert.equal(f.timeOf('2014-01-31'), Date.UTC(2014, 0, 31));
    assert.equal(f.timeOf('2014-01-31 14:30:00'), Date.UTC(2014, 0, 31, 14, 30));
    assert.equal(f.timeOf('2014-01-31T14:30:00.000Z'), Date.UTC(2014, 0, 31, 14, 30));
    assert.equal(f.timeOf('2014-01-31T14:30:00+02:00'), Date.UTC(2014, 0, 31, 12, 30));
  }
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test('readings without a calendar stay numbers', () => {
  assert.equal(f.timeOf(17), 17);
  assert.equal(f.timeOf('17'), 17);
  assert.equal(f.day(17), '17');
  assert.equal(f.day(null), f.kNothing);
  assert.equal(f.day('some day'), 'some day');
});

test('durations and sizes use the unit that reads best', () => {
  assert.equal(f.duration(0.25), '250 ms');
  assert.equal(f.duration(59.4), '59 s');
  assert.equal(f.duration(3600 + 61), '1 h 1 min');
  assert.equal(f.duration(3 * 86400), '3 days');
  assert.equal(f.bytes(999), '999 B');
  assert.equal(f.bytes(8_421_000), '8.42 MB');
  assert.equal(f.ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:02:10Z')), '2 min ago');
});

test('long ids lose their middle and nothing else', () => {
  const id = 'SIM-9428B03102D61E87926749C2D90E';
  for (const length of [8, 13, 18, 22]) {
    const short = f.shortId(id, length);
    const [head, tail] = short.split('…') as [string, string];
    assert.equal(short.length, length);
    assert.ok(id.startsWith(head) && id.endsWith(tail));
  }
  assert.equal(f.shortId('A-17'), 'A-17');
});

test('the reader’s own English, and only English', () => {
  f.setLocale('de-DE');
  assert.equal(f.measure(4715), '4,715');
  f.setLocale('en-US');
  assert.equal(f.day('2014-01-31'), 'Jan 31, 2014');
  f.setLocale('en-GB');
});
