// Scales and ticks of the charts; no drawing here.
import {pageLocale} from '../format';

export interface Scale {
  (value: number): number;
  invert: (pixel: number) => number;
}

export function linear(from: [number, number], to: [number, number]): Scale {
  const factor = (to[1] - to[0]) / (from[1] - from[0] || 1);
  const scale = ((value: number) => to[0] + (value - from[0]) * factor) as Scale;
  scale.invert = (pixel) => from[0] + (pixel - to[0]) / (factor || 1);
  return scale;
}

// 1, 2 or 5 times a power of ten, so that about `wanted` steps fill `span`.
export function niceStep(span: number, wanted: number): number {
  if (!(span > 0)) return 1;
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1.5 ? 1 : lead <= 3.5 ? 2 : lead <= 7.5 ? 5 : 10);
}

// Round values from low to high, both ends included where they are round.
export function ticks(low: number, high: number, wanted: number): number[] {
  const step = niceStep(high - low, wanted);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values: number[] = [];
  for (let index = first; index <= last; ++index) values.push(Number((index * step).toPrecision(12)));
  return values;
}

export interface TimeTick {
  time: number;
  label: string;
  major: boolean; // the first of its year (of its day, where hours are shown)
}

const kHour = 3_600_000;
const kDay = 24 * kHour;

// Ticks on the first of years, quarters, months, days or hours: as many as fit `wanted`.
export function timeTicks(low: number, high: number, wanted: number, locale = pageLocale()): TimeTick[] {
  const span = high - low;
  if (!(span > 0)) return [];
  const days = span / kDay;
  const name = (time: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, {...options, timeZone: 'UTC'}).format(time);
  if (days / 30.4 > 2) {
    const months = [1, 2, 3, 6, 12, 24, 60, 120].find((step) => days / 30.4 / step <= wanted) ?? 240;
    const found: TimeTick[] = [];
    const start = new Date(low);
    for (
      let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
      ;
      month += months
    ) {
      const time = Date.UTC(Math.floor(month / 12), month % 12, 1);
      if (time > high) return found;
      if (time < low) continue;
      const major = month % 12 === 0;
      found.push({
        time,
        major,
        label:
          major || found.length === 0
            ? name(time, {month: months < 12 ? 'short' : undefined, year: 'numeric'} as Intl.DateTimeFormatOptions)
            : name(time, {month: 'short'}),
      });
    }
  }
  const step = [1, 2, 7, 14].map((count) => count * kDay).find((size) => (days * kDay) / size <= wanted);
  const hours = [1, 3, 6, 12].map((count) => count * kHour).find((size) => span / size <= wanted);
  const size = hours ?? step ?? 14 * kDay;
  const found: TimeTick[] = [];
  for (let time = Math.ceil(low / size) * size; time <= high; time += size) {
    const major = time % kDay === 0;
    const day = {day: 'numeric', month: 'short'} as const;
    found.push({
      time,
      major,
      label: size >= kDay || major ? name(time, day) : name(time, {hour: '2-digit', minute: '2-digit'}),
    });
  }
  return found;
}
