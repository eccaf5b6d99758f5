// Addresses of the page and of the service.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileType, problemToError, withQuery} from '../src/api';
import {href, parseHash} from '../src/router';

test('an address reads back, whatever ids hold', () => {
  for (const id of ['A-17', 'a/b?c#d', 'é %25', '中 文', '&=+']) {
    const {path, query} = parseHash(href(`cases/${encodeURIComponent(id)}`, {q: id, tier: '', page: 2}));
    assert.deepEqual(path, ['cases', id]);
    assert.deepEqual(
      [...query],
      [
        ['q', id],
        ['page', '2'],
      ],
    );
  }
});

test('broken addresses are addresses of nothing, not errors', () => {
  assert.deepEqual(parseHash('#/%E0%A4%A/x').path, ['%E0%A4%A', 'x']);
  assert.deepEqual(parseHash('').path, []);
});

test('parameters without a value are left out', () => {
  assert.equal(withQuery('/v1/cases', {a: null, b: undefined, c: '', d: 0}), '/v1/cases?d=0');
  assert.equal(withQuery('/v1/cases', {}), '/v1/cases');
});

test('problems become errors; what is no problem document still says its status', () => {
  const error = problemToError(
    422,
    JSON.stringify({
      title: 'Not valid',
      detail: 'town.csv:3:7: a number was expected',
      instance: 'r1',
      errors: [{pointer: '/a', detail: 'b'}],
    }),
  );
  assert.deepEqual(
    [error.status, error.title, error.message, error.request, error.errors.length],
    [422, 'Not valid', 'town.csv:3:7: a number was expected', 'r1', 1],
  );
  assert.equal(problemToError(502, '<html>').title, 'The service answered 502');
});

test('files are known by their ending', () => {
  assert.equal(fileType('Town.CSV'), 'text/csv');
  assert.equal(fileType('town.2026.parquet'), 'application/vnd.apache.parquet');
  assert.equal(fileType('town.csv.gz'), 'application/gzip');
  assert.equal(fileType('town.csv.zst'), 'application/zstd');
  assert.equal(fileType('town.gz'), null);
  assert.equal(fileType('town'), null);
  assert.equal(fileType('csv.zip'), null);
});
