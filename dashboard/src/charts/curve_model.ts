// What a load curve shows of a window of time: pieces between gaps, thinned to the width of the screen without losing a
// high or a low, and the running mean that shows the level.
import {kDay, timeOf} from '../format';
import type {Series} from '../types';

export interface Readings {
  times: Float64Array; // milliseconds, rising
  values: Float64Array; // NaN where nothing was read
  step: number; // the usual time between readings
}

export interface Window {
  from: number;
  to: number;
}

export type Point = [time: number, value: number];

export function readingsOf(series: Pick<Series, 'times' | 'values'>): Readings {
  const times = Float64Array.from(series.times, timeOf);
  const values = Float64Array.from(series.values, (value) => value ?? NaN);
  const steps: number[] = [];
  for (let at = 1; at < Math.min(times.length, 200); ++at) steps.push(times[at]! - times[at - 1]!);
  steps.sort((a, b) => a - b);
  return {times, values, step: steps[steps.length >> 1] || kDay};
}

// Weeks and months cover the days that begin with their time, bills (irregular) those since the one before; both are
// shown as use a day, so that a long bill is no peak. Finer readings stay as they are.
export function usePerDay(readings: Readings, cadence: string): Readings {
  const {times, values, step} = readings;
  if (!isLong(readings)) return readings;
  const rates = values.map((value, at) => {
    const time =
      cadence === 'irregular' ? times[at]! - (times[at - 1] ?? NaN) : (times[at + 1] ?? times[at]! + step) - times[at]!;
    return time > 0 ? value / (time / kDay) : NaN;
  });
  return {times, values: rates, step};
}

export const isLong = ({step}: Readings) => step >= 6 * kDay;

// What a level a day is on the scale of the readings.
export const levelFactor = ({step}: Readings) => (step < kDay ? step / kDay : 1);

export const wholeWindow = ({times, step}: Readings): Window => ({
  from: times[0] ?? 0,
  to: (times[times.length - 1] ?? 0) + step,
});

// The first index whose time is not before `time`.
export function indexOf(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The reading nearest to `time`, or -1 where there is none at all.
export function nearest({times}: Readings, time: number): number {
  if (times.length === 0) return -1;
  const after = Math.min(indexOf(times, time), times.length - 1);
  return after > 0 && time - times[after - 1]! < times[after]! - time ? after - 1 : after;
}

// Unbroken runs of readings within the window (and one neighbour on each side). Of the readings that share one of
// `columns` columns the first, lowest, highest and last remain.
export function pieces({times, values, step}: Readings, window: Window, columns: number): Point[][] {
  const begin = Math.max(0, indexOf(times, window.from) - 1);
  const end = Math.min(times.length, indexOf(times, window.to) + 1);
  const width = (window.to - window.from) / Math.max(1, columns);
  const found: Point[][] = [];
  let piece: Point[] = [];
  let at = begin;
  while (at < end) {
    if (Number.isNaN(values[at]!)) {
      if (piece.length) found.push(piece);
      piece = [];
      ++at;
      continue;
    }
    const column = Math.floor((times[at]! - window.from) / width);
    let lowest = at;
    let highest = at;
    let last = at;
    while (
      last + 1 < end &&
      !Number.isNaN(values[last + 1]!) &&
      times[last + 1]! - times[last]! <= 1.5 * step + gapSlack(step) &&
      Math.floor((times[last + 1]! - window.from) / width) === column
    ) {
      ++last;
      if (values[last]! < values[lowest]!) lowest = last;
      if (values[last]! > values[highest]!) highest = last;
    }
    for (const index of [...new Set([at, lowest, highest, last])].sort((a, b) => a - b))
      piece.push([times[index]!, values[index]!]);
    if (last + 1 < end && times[last + 1]! - times[last]! > 1.5 * step + gapSlack(step)) {
      found.push(piece);
      piece = [];
    }
    at = last + 1;
  }
  if (piece.length) found.push(piece);
  return found;
}

// Months differ in length and bills in their day: only finer readings show a missing row by the time between two.
const gapSlack = (step: number) => (step >= 6 * kDay ? 0.6 * step : 0);

// Runs without a reading, as times from the first lost reading to the end of the last.
export function gaps({times, values, step}: Readings): Window[] {
  const found: Window[] = [];
  for (let at = 0; at < values.length; ++at) {
    if (!Number.isNaN(values[at]!)) continue;
    const from = times[at]!;
    while (at + 1 < values.length && Number.isNaN(values[at + 1]!)) ++at;
    found.push({from, to: times[at]! + step});
  }
  return found;
}

// The mean of the readings within `span` around each reading; NaN where fewer than half of them exist.
export function runningMean({times, values, step}: Readings, span: number): Readings {
  const means = new Float64Array(values.length).fill(NaN);
  let low = 0;
  let high = 0;
  let sum = 0;
  let read = 0;
  for (let at = 0; at < values.length; ++at) {
    for (; high < values.length && times[high]! <= times[at]! + span / 2; ++high) {
      if (!Number.isNaN(values[high]!)) {
        sum += values[high]!;
        ++read;
      }
    }
    for (; times[low]! < times[at]! - span / 2; ++low) {
      if (!Number.isNaN(values[low]!)) {
        sum -= values[low]!;
        --read;
      }
    }
    if (!Number.isNaN(values[at]!) && read * 2 >= Math.min(span / step, high - low)) means[at] = sum / read;
  }
  return {times, values: means, step};
}

export function highest({times, values}: Readings, window: Window): number {
  let found = 0;
  for (let at = indexOf(times, window.from); at < times.length && times[at]! <= window.to; ++at) {
    if (values[at]! > found) found = values[at]!;
  }
  return found;
}

// `window` made `factor` times as long around `centre`, kept within `whole` and not shorter than `least`.
export function zoomed(window: Window, factor: number, centre: number, whole: Window, least: number): Window {
  const length = Math.min(Math.max((window.to - window.from) * factor, least), whole.to - whole.from);
  const share = (centre - window.from) / (window.to - window.from || 1);
  return within({from: centre - share * length, to: centre + (1 - share) * length}, whole);
}

export const panned = (window: Window, by: number, whole: Window): Window =>
  within({from: window.from + by, to: window.to + by}, whole);

function within(window: Window, whole: Window): Window {
  const length = window.to - window.from;
  const from = Math.min(Math.max(window.from, whole.from), Math.max(whole.from, whole.to - length));
  return {from, to: Math.min(from + length, whole.to)};
}

export interface Row {
  from: number;
  mean: number | null;
  low: number | null;
  high: number | null;
  read: number;
  missing: number;
}

// The window in rows for a table: each reading where there are at most `most`, else one row a month.
export function tableRows({times, values}: Readings, window: Window, most: number): {monthly: boolean; rows: Row[]} {
  const begin = indexOf(times, window.from);
  const end = indexOf(times, window.to);
  const monthly = end - begin > most;
  const rows: Row[] = [];
  let sum = 0;
  for (let at = begin; at < end; ++at) {
    const date = new Date(times[at]!);
    const key = monthly ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) : times[at]!;
    let row = rows[rows.length - 1];
    if (!row || row.from !== key) {
      rows.push((row = {from: key, mean: null, low: null, high: null, read: 0, missing: 0}));
      sum = 0;
    }
    const value = values[at]!;
    if (Number.isNaN(value)) {
      ++row.missing;
      continue;
    }
    sum += value;
    row.mean = sum / ++row.read;
    row.low = Math.min(row.low ?? value, value);
    row.high = Math.max(row.high ?? value, value);
  }
  return {monthly, rows};
}
