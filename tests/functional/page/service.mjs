// A real service for the test: a simulated town, a model trained on another one, and `meterhound serve` on a free port.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const program = process.env.METERHOUND_PROGRAM;
const kFast = [
  '--set',
  'retraining.promote=ask',
  '--set',
  'retraining.margin=0.2', // a town this small cannot show less

  '--set',
  'detection.xgboost.n_estimators=60',
  '--set',
  'evaluation.bootstraps=200',
  '--set',
  'feature_extraction.tsfresh_settings=minimal+theft',
];

export const run = (...args) => execFileSync(program, args.map(String), {stdio: ['ignore', 'pipe', 'inherit']});

export function simulate(file, consumers, seed) {
  run('simulate', '--consumers', consumers, '--days', 420, '--theft', 0.12, '--seed', seed, '--out', file, '--quiet');
  return file;
}

// The readings of `file` with each line's cells changed: consumer, label, then a reading a day.
function changed(file, to, change) {
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  writeFileSync(to, [head, ...lines.map((line, at) => change(line.split(','), at).join(','))].join('\n') + '\n');
  return to;
}

export class Service {
  static async start() {
    const service = new Service();
    service.folder = mkdtempSync(join(tmpdir(), 'meterhound-page-'));
    service.town = simulate(service.path('town.csv'), 300, 11);
    run('run', simulate(service.path('other.csv'), 700, 5), '--out', service.path('trained'), ...kFast, '--quiet');
    service.model = service.path('trained', 'model.mh');
    service.stepped = changed(service.town, service.path('stepped.csv'), ([id, label, ...values]) => [
      id,
      label,
      ...values.map((value) => (value === '' ? '' : (3 * Number(value)).toFixed(2))),
    ]);
    service.newer = simulate(service.path('newer.csv'), 900, 21);
    service.poison = changed(service.newer, service.path('poison.csv'), ([id, label, ...values], at) => [
      id,
      at % 2 ? 1 : label,
      ...values,
    ]);
    service.broken = service.path('broken.csv');
    writeFileSync(service.broken, 'CONS_NO,2014/1/1,2014/1/2,2014/1/3\nA1,1.5,2,3\nA2,4,twelve,6\n');
    await service.serve();
    return service;
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  get store() {
    return `sqlite:${this.path('store.db')}`;
  }

  // Starts (again) on the same store; resolves with the address once the program has said it.
  serve() {
    this.child = spawn(program, ['serve', '--port', '0', '--store', this.store, '--model', this.model, ...kFast], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Promise((resolve, reject) => {
      let said = '';
      const hear = (text) => {
        said += text;
        const address = /https?:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+/.exec(said);
        if (address) resolve((this.url = address[0]));
      };
      this.child.stdout.on('data', hear);
      this.child.stderr.on('data', hear);
      this.child.on('exit', (status) => reject(new Error(`meterhound serve ended with status ${status}:\n${said}`)));
    });
  }

  async halt() {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }

  async stop() {
    await this.halt();
    rmSync(this.folder, {recursive: true, force: true});
  }

  async get(path) {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
