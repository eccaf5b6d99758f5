// The load curve: readings with their gaps, the level, the peers' band and the change; zoomed and panned by mouse, wheel,
// touch and keyboard, and readable as a table.
import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import * as f from '../format';
import type {Change, Peers, Series} from '../types';
import {useWidth, ValueAxis} from './axis';
import * as m from './curve_model';
import {CurveTable} from './curve_table';
import {linear, type Scale, ticks, timeTicks} from './scale';

const kHeight = 280;
const kMargin = {left: 46, right: 12, top: 22, bottom: 26};

interface Props {
  series: Series;
  peers: Peers | null;
  change: Change | null;
  name: string;
}

export function LoadCurve({series, peers, change, name}: Props) {
  const readings = useMemo(() => m.usePerDay(m.readingsOf(series), series.cadence), [series]);
  const unit = m.isLong(readings) ? `${series.unit} a day` : series.unit;
  const level = useMemo(() => m.runningMean(readings, levelSpan(readings)), [readings]);
  const whole = useMemo(() => m.wholeWindow(readings), [readings]);
  const [window_, setWindow] = useState<m.Window>(whole);
  const [cursor, setCursor] = useState(-1);
  const [said, setSaid] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const least = Math.min(14 * readings.step, whole.to - whole.from);
  const x = linear([window_.from, window_.to], [kMargin.left, Math.max(width - kMargin.right, kMargin.left + 10)]);

  const zoom = (factor: number, centre = (window_.from + window_.to) / 2) =>
    setWindow((now) => m.zoomed(now, factor, centre, whole, least));
  const pan = (share: number) => setWindow((now) => m.panned(now, share * (now.to - now.from), whole));
  const around = change
    ? () => {
        const centre = f.timeOf(change.date);
        const reach = Math.min(60 * Math.max(f.kDay, readings.step), (whole.to - whole.from) / 2);
        setWindow(m.panned({from: centre - reach, to: centre + reach}, 0, whole));
      }
    : null;
  const read = (by: number) => {
    const start =
      cursor >= 0
        ? cursor
        : by > 0
          ? m.indexOf(readings.times, window_.from) - 1
          : m.indexOf(readings.times, window_.to);
    const at = Math.min(Math.max(start + by, 0), readings.times.length - 1);
    setCursor(at);
    setSaid(readingText(readings, at, unit));
    const time = readings.times[at]!;
    if (time < window_.from || time > window_.to)
      setWindow(m.panned(window_, time - (window_.from + window_.to) / 2, whole));
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handlers: Record<string, () => void> = {
      '+': () => zoom(0.6),
      '=': () => zoom(0.6),
      '-': () => zoom(1 / 0.6),
      '0': () => setWindow(whole),
      Home: () => setWindow(whole),
      ArrowLeft: () => (event.shiftKey ? read(-1) : pan(-0.15)),
      ArrowRight: () => (event.shiftKey ? read(1) : pan(0.15)),
    };
    const handler = handlers[event.key];
    if (!handler) return;
    event.preventDefault();
    handler();
  };
  usePointer(box, x, {
    zoom,
    panBy: (time) => setWindow((now) => m.panned(now, time, whole)),
    reset: () => setWindow(whole),
    hover: (time) => setCursor(time === null ? -1 : m.nearest(readings, time)),
  });

  return (
    <figure class="curve">
      <div class="curve-tools">
        <p class="curve-readout numbers" aria-hidden="true">
          {cursor >= 0 ? readingText(readings, cursor, unit) : windowText(window_, readings)}
        </p>
        <div class="button-row">
          <button type="button" aria-label="Zoom in" onClick={() => zoom(0.6)}>
            +
          </button>
          <button type="button" aria-label="Zoom out" onClick={() => zoom(1 / 0.6)}>
            −
          </button>
          {around && (
            <button type="button" onClick={around}>
              Change
            </button>
          )}
          <button type="button" onClick={() => setWindow(whole)}>
            All
          </button>
        </div>
      </div>
      <div
        ref={box}
        class="curve-box"
        role="group"
        tabIndex={0}
        aria-label={`Load curve of ${name}. ${summary(readings, change)} Plus and minus zoom, arrows move, shift and arrows read.`}
        onKeyDown={pressed}
      >
        {width > 0 && <Drawing {...{unit, readings, level, peers, change, window: window_, width, x, cursor}} />}
      </div>
      <Legend peers={peers} change={change} level={level} gaps={m.gaps(readings).length > 0} />
      <span class="visually-hidden" role="status">
        {said}
      </span>
      <CurveTable readings={readings} window={window_} unit={unit} peers={peers} />
    </figure>
  );
}

// The level is the mean of a week of days, of a day of hours; bills are their own level.
function levelSpan({step}: m.Readings): number {
  return step >= f.kDay ? 14 * step : 7 * f.kDay;
}

function readingText(readings: m.Readings, at: number, unit: string): string {
  const value = readings.values[at]!;
  return `${f.readingTime(readings.times[at]!, readings.step < f.kDay)}: ${Number.isNaN(value) ? 'no reading' : f.measure(value, unit)}`;
}

const windowText = ({from, to}: m.Window, {step}: m.Readings) =>
  `${f.readingTime(from, step < f.kDay)} to ${f.readingTime(to - step, step < f.kDay)}`;

function summary(readings: m.Readings, change: Change | null): string {
  const missing = readings.values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  const span = `${f.plural(readings.values.length, 'reading')} from ${f.readingTime(readings.times[0]!, false)}, ${f.count(missing)} of them missing.`;
  return change
    ? `${span} Use ${change.after_per_day < change.before_per_day ? 'fell' : 'rose'} from ${f.measure(change.before_per_day)} to ${f.measure(change.after_per_day)} kWh a day around ${f.day(change.date)}.`
    : `${span} No change of level was found.`;
}

interface DrawingProps extends Pick<Props, 'peers' | 'change'> {
  unit: string;
  readings: m.Readings;
  level: m.Readings;
  window: m.Window;
  width: number;
  x: Scale;
  cursor: number;
}

function Drawing({unit, readings, level, peers, change, window: shown, width, x, cursor}: DrawingProps) {
  const columns = Math.max(50, Math.round(width - kMargin.left - kMargin.right));
  const band = useMemo(() => (peers ? bandOf(peers) : null), [peers]);
  const gapList = useMemo(() => m.gaps(readings), [readings]);
  // The peers' band may leave the picture at the top: this consumer's own readings decide how tall it is.
  const own = m.highest(readings, shown);
  const others = band ? m.highest(band.high, shown) : 0;
  const peak = (own > 0 ? Math.max(own, Math.min(others, 1.3 * own)) : others) || 1;
  const y = linear([0, peak * 1.06], [kHeight - kMargin.bottom, kMargin.top]);
  const line = (parts: m.Point[][]) =>
    parts
      .map((piece) => 'M' + piece.map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(' '))
      .join('');
  const parts = m.pieces(readings, shown, columns);
  const few = (shown.to - shown.from) / readings.step < columns / 5;
  const levels = m.isLong(readings) ? [] : m.pieces(level, shown, columns / 2);
  const clip = (time: number) => Math.min(Math.max(x(time), kMargin.left), width - kMargin.right);
  return (
    <svg width={width} height={kHeight} viewBox={`0 0 ${width} ${kHeight}`} aria-hidden="true">
      <defs>
        <clipPath id="curve-clip">
          <rect
            x={kMargin.left}
            y={kMargin.top - 4}
            width={Math.max(0, width - kMargin.left - kMargin.right)}
            height={kHeight - kMargin.top - kMargin.bottom + 8}
          />
        </clipPath>
      </defs>
      <Axes {...{x, y, shown, width, peak, unit}} />
      <g clip-path="url(#curve-clip)">
        {gapList
          .filter(({from, to}) => to > shown.from && from < shown.to)
          .map(({from, to}) => (
            <rect
              key={from}
              class="gap"
              x={clip(from)}
              y={kMargin.top}
              width={Math.max(0.5, clip(to) - clip(from))}
              height={kHeight - kMargin.top - kMargin.bottom}
            />
          ))}
        {band && bandPaths(band, shown, columns, x, y).map((d, index) => <path class="band" d={d} key={index} />)}
        {band && <path class="median" d={line(m.pieces(band.median, shown, columns))} />}
        {change && (
          <rect
            class="range"
            x={clip(f.timeOf(change.earliest))}
            width={Math.max(1, clip(f.timeOf(change.latest)) - clip(f.timeOf(change.earliest)))}
            y={kMargin.top}
            height={kHeight - kMargin.top - kMargin.bottom}
          />
        )}
        <path class={levels.length ? 'reading' : 'reading alone'} d={line(parts)} />
        {(few ? parts.flat() : parts.filter((piece) => piece.length === 1).flat()).map(([time, value]) => (
          <circle key={time} class="dot" cx={x(time)} cy={y(value)} r={few ? 2.5 : 1.2} />
        ))}
        {levels.length > 0 && <path class="level" d={line(levels)} />}
        {change && <ChangeMark {...{change, x, y, shown}} factor={m.levelFactor(readings)} />}
        {cursor >= 0 && <CursorMark {...{readings, cursor, x, y}} />}
      </g>
      {change && f.timeOf(change.date) >= shown.from && f.timeOf(change.date) <= shown.to && (
        <text
          class="mark-label"
          x={Math.min(Math.max(x(f.timeOf(change.date)), 70), width - 60)}
          y={13}
          text-anchor="middle"
        >
          {f.day(change.date)}
        </text>
      )}
    </svg>
  );
}

function Axes({
  x,
  y,
  shown,
  width,
  peak,
  unit,
}: {
  x: Scale;
  y: Scale;
  shown: m.Window;
  width: number;
  peak: number;
  unit: string;
}) {
  return (
    <g class="axes">
      <ValueAxis y={y} values={ticks(0, peak, 4)} left={kMargin.left} right={width - kMargin.right} />
      <text x={4} y={11}>
        {unit}
      </text>
      {timeTicks(shown.from, shown.to, Math.max(2, Math.floor(width / 80))).map(({time, label, major}) => (
        <g key={time}>
          <line
            class={major ? 'grid major' : 'grid'}
            x1={x(time)}
            x2={x(time)}
            y1={kMargin.top}
            y2={kHeight - kMargin.bottom}
          />
          <text
            x={x(time)}
            y={kHeight - 8}
            text-anchor={x(time) > width - 34 ? 'end' : 'middle'}
            class={major ? 'major' : undefined}
          >
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

function ChangeMark({
  change,
  x,
  y,
  shown,
  factor,
}: {
  change: Change;
  x: Scale;
  y: Scale;
  shown: m.Window;
  factor: number;
}) {
  const at = f.timeOf(change.date);
  const end = change.recovered ? f.timeOf(change.recovered) : shown.to;
  return (
    <g>
      <line class="change" x1={x(at)} x2={x(at)} y1={kMargin.top} y2={kHeight - kMargin.bottom} />
      <line
        class="change-level"
        x1={x(shown.from)}
        x2={x(at)}
        y1={y(change.before_per_day * factor)}
        y2={y(change.before_per_day * factor)}
      />
      <line
        class="change-level"
        x1={x(at)}
        x2={x(end)}
        y1={y(change.after_per_day * factor)}
        y2={y(change.after_per_day * factor)}
      />
    </g>
  );
}

function CursorMark({readings, cursor, x, y}: {readings: m.Readings; cursor: number; x: Scale; y: Scale}) {
  const time = readings.times[cursor]!;
  const value = readings.values[cursor]!;
  return (
    <g>
      <line class="cursor" x1={x(time)} x2={x(time)} y1={kMargin.top} y2={kHeight - kMargin.bottom} />
      {!Number.isNaN(value) && <circle class="cursor-dot" cx={x(time)} cy={y(value)} r="4" />}
    </g>
  );
}

interface Band {
  low: m.Readings;
  median: m.Readings;
  high: m.Readings;
}

function bandOf(peers: Peers): Band {
  const of = (values: (number | null)[]) => m.readingsOf({times: peers.times, values});
  return {low: of(peers.low), median: of(peers.median), high: of(peers.high)};
}

function bandPaths(band: Band, shown: m.Window, columns: number, x: Scale, y: Scale): string[] {
  const low = m.pieces(band.low, shown, columns);
  return m.pieces(band.high, shown, columns).map((piece, index) => {
    const back = [...(low[index] ?? [])].reverse();
    return (
      'M' + [...piece, ...back].map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(' ') + 'Z'
    );
  });
}

function Legend({
  peers,
  change,
  level,
  gaps,
}: {
  peers: Peers | null;
  change: Change | null;
  level: m.Readings;
  gaps: boolean;
}) {
  return (
    <figcaption class="legend">
      <span class="key reading">reading</span>
      {!m.isLong(level) && <span class="key level">{level.step >= f.kDay ? 'mean of 14 days' : 'mean of 7 days'}</span>}
      {peers && <span class="key band">{peers.what}</span>}
      {change && <span class="key change">change, with the days it may have happened</span>}
      {gaps && <span class="key gap">no reading</span>}
    </figcaption>
  );
}

interface PointerActions {
  zoom: (factor: number, centre: number) => void;
  panBy: (time: number) => void;
  reset: () => void;
  hover: (time: number | null) => void;
}

// Drag pans, double click shows all; the wheel zooms once the curve has the focus (or with Ctrl), so that it does not
// stop anybody from scrolling the page.
function usePointer(box: {current: HTMLElement | null}, x: Scale, actions: PointerActions) {
  const current = useRef({x, actions});
  current.current = {x, actions};
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const listening = new AbortController();
    const {signal} = listening;
    let dragged: number | null = null;
    const timeAt = (event: MouseEvent) =>
      current.current.x.invert(event.clientX - element.getBoundingClientRect().left);
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0) return;
        dragged = event.clientX;
        element.setPointerCapture(event.pointerId);
      },
      {signal},
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        const {x: scale, actions: act} = current.current;
        if (dragged === null) return act.hover(timeAt(event));
        act.panBy(scale.invert(dragged) - scale.invert(event.clientX));
        dragged = event.clientX;
      },
      {signal},
    );
    const release = () => (dragged = null);
    element.addEventListener('pointerup', release, {signal});
    element.addEventListener('pointercancel', release, {signal});
    element.addEventListener('pointerleave', () => current.current.actions.hover(null), {signal});
    element.addEventListener('dblclick', () => current.current.actions.reset(), {signal});
    element.addEventListener(
      'wheel',
      (event) => {
        if (document.activeElement !== element && !event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const {x: scale, actions: act} = current.current;
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) act.panBy(scale.invert(event.deltaX) - scale.invert(0));
        else act.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))), timeAt(event));
      },
      {signal, passive: false},
    );
    return () => listening.abort();
  }, []);
}
