// The page in a real browser against the real service: upload, ranked list, case, feedback, plan, export, alert, retraining,
// using a model and going back; then every page in both colour schemes and at phone width under axe. Screenshots are left in ./screenshots.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {run, Service} from './service.mjs';
import {openBrowser, WatchedPage} from './watched_page.mjs';

const kShots = new URL('./screenshots/', import.meta.url).pathname;

const kLong = 240_000; // training, on a machine that has other things to do

let service;
let browser;
let desk; // the analyst's page through the whole story

before(async () => {
  mkdirSync(kShots, {recursive: true});
  service = await Service.start();
  browser = await openBrowser();
  desk = await WatchedPage.open(browser, service.url);
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

const story = (name, body) => test(name, () => body(desk.page));
const rowsOf = (page) => page.locator('table.cases tbody tr');
const table = (path) => {
  const [head, ...rows] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at]])));
};

story('an empty service says what to do first', async (page) => {
  await desk.goto('');
  await page.getByRole('heading', {level: 1, name: 'Nothing has been scored yet'}).waitFor();
  await desk.assertAccessible('the empty list');
  await page.getByRole('link', {name: 'Upload readings'}).click();
  await page.getByRole('heading', {level: 1, name: 'Upload'}).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
});

story('a broken file is refused by the line and column that are wrong', async (page) => {
  await page.getByLabel('File of readings').setInputFiles(service.broken);
  await page.locator('.file-error code', {hasText: /:3:\d+: .*twelve/}).waitFor();
  await desk.assertAccessible('a refused file');
  const again = page.getByRole('button', {name: 'Another file'});
  if (await again.isVisible()) await again.click();
});

story('a file becomes a ranked list, the same as the command line gives', async (page) => {
  await page.getByLabel('File of readings').setInputFiles(service.town);
  await page.getByRole('link', {name: 'Show the ranked list'}).click();
  await page.getByRole('heading', {level: 1, name: 'Cases'}).waitFor();
  await desk.settled();
  run('score', service.town, '--model', service.model, '--out', service.path('scored'), '--quiet');
  const expected = table(service.path('scored', 'scores.csv')).map(({consumer_id}) => consumer_id);
  const shown = await rowsOf(page)
    .locator('a.id')
    .evaluateAll((links) => links.map((link) => link.title));
  assert.deepEqual(shown, expected.slice(0, 50));
  await page.getByText('1–50 of 300').waitFor();
  await page.getByText('Simulated data.').waitFor();
  await page.getByRole('button', {name: 'Next', exact: true}).click();
  await page.getByText('51–100 of 300').waitFor();
  await desk.settled();
  assert.deepEqual(
    await rowsOf(page)
      .locator('a.id')
      .evaluateAll((links) => links.map((link) => link.title)),
    expected.slice(50, 100),
  );
  await page.getByRole('button', {name: 'Previous', exact: true}).click();
  await page.getByText('1–50 of 300').waitFor();
});

story('filters, search and order live in the address', async (page) => {
  const {items} = await service.get('/v1/cases?limit=200');
  const wanted = items[130].consumer_id;
  await page.getByRole('searchbox').fill(wanted.slice(6, 16).toLowerCase());
  await page.getByText('1–1 of 1').waitFor();
  assert.equal(await rowsOf(page).locator('a.id').getAttribute('title'), wanted);
  await page.reload();
  await desk.settled();
  assert.equal(await rowsOf(page).count(), 1);
  await page.getByRole('button', {name: 'Clear', exact: true}).click();
  await page.getByRole('button', {name: 'high', exact: true}).click();
  const high = items.filter(({tier}) => tier === 'high').length;
  await page.getByText(high ? `of ${high}` : 'No case matches').waitFor();
  assert.match(page.url(), /tier=high/);
  await page.getByRole('button', {name: 'high', exact: true}).click();
  await page.getByLabel('Order').selectOption('-missing_kwh');
  await page.waitForFunction(
    () => document.querySelector('th[aria-sort="descending"]') && !document.querySelector('[aria-busy="true"]'),
  );
  const sorted = await service.get('/v1/cases?sort=-missing_kwh&limit=1');
  assert.equal(await rowsOf(page).first().locator('a.id').getAttribute('title'), sorted.items[0].consumer_id);
  await page.getByLabel('Order').selectOption('rank');
  await page.waitForFunction(
    () => document.querySelector('th[aria-sort="ascending"]') && !document.querySelector('[aria-busy="true"]'),
  );
});

story('the keyboard alone finds and opens a case', async (page) => {
  await page.keyboard.press('?');
  await page.getByRole('dialog', {name: 'Keyboard'}).waitFor();
  await desk.assertAccessible('the list of keys');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
  await page.locator('body').press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  const second = await rowsOf(page).nth(1).locator('a.id').getAttribute('title');
  assert.equal(await page.evaluate(() => document.activeElement?.title), second);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {level: 1, name: second}).waitFor();
  await page.keyboard.press('k');
  await page.getByText('1 of 50 on the page').waitFor();
  await page.keyboard.press('u');
  await page.getByRole('heading', {level: 1, name: 'Cases'}).waitFor();
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.type), 'search');
  await page.keyboard.press('?');
  assert.equal(await page.getByRole('searchbox').inputValue(), '?');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.getByRole('searchbox').fill('');
  await page.getByText('of 300').waitFor();
});

story('the skip link and every control are within reach of Tab', async (page) => {
  await page.reload();
  await desk.settled();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'content');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement?.closest('main') !== null));
});

story('a case shows its readings, reasons and report', async (page) => {
  const {items} = await service.get('/v1/cases?limit=50');
  const chosen = items.find(({detailed, change_date}) => detailed && change_date) ?? items[0];
  await desk.goto(`#/cases/${encodeURIComponent(chosen.id)}`);
  const detail = await service.get(`/v1/cases/${encodeURIComponent(chosen.id)}`);
  await page.getByRole('heading', {level: 1, name: chosen.consumer_id}).waitFor();

  const curve = page.getByRole('group', {name: /^Load curve of/});
  const path = () => curve.locator('path.reading').getAttribute('d');
  const whole = await path();
  await curve.focus();
  await page.keyboard.press('+');
  await page.waitForFunction((old) => document.querySelector('path.reading')?.getAttribute('d') !== old, whole);
  const near = await path();
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction((old) => document.querySelector('path.reading')?.getAttribute('d') !== old, near);
  await page.keyboard.press('0');
  await page.waitForFunction((old) => document.querySelector('path.reading')?.getAttribute('d') === old, whole);
  await curve.hover();
  await page.mouse.wheel(0, -400);
  await page.waitForFunction((old) => document.querySelector('path.reading')?.getAttribute('d') !== old, whole);
  for (let step = 0; step < 12; ++step) await page.keyboard.press('+');
  await page.getByText('Values as a table').first().click();
  await page.waitForFunction(() => {
    const rows = document.querySelectorAll('.curve table tbody tr').length;
    return rows > 5 && rows < 100;
  });
  const cells = await page
    .getByRole('table', {name: /Each reading/})
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  const values = new Map(
    detail.series.times.map((time, at) => [
      new Date(`${time.slice(0, 10)}T00:00Z`).toLocaleDateString('en-GB', {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
        timeZone: 'UTC',
      }),
      detail.series.values[at],
    ]),
  );
  for (const [day, value] of cells) {
    const expected = values.get(day);
    if (expected === null) assert.equal(value, 'no reading');
    else
      assert.ok(
        Math.abs(Number(value.replace(/,/g, '')) - expected) <=
          Math.max(0.005 * Math.abs(expected), 0.5 * (Math.abs(expected) >= 100)),
        `${day}: ${value}, expected ${expected}`,
      );
  }

  if (!detail.case) return;
  const steps = await page
    .locator('table.waterfall tbody tr')
    .evaluateAll((rows) => rows.map((row) => Number(row.children[2].textContent.replace('−', '-'))));
  const {base_log_odds: base, margin, contributions} = detail.case.explanation;
  assert.equal(steps.length, contributions.length + 3);
  assert.ok(Math.abs(steps[0] - base) <= 0.005 && Math.abs(steps.at(-1) - margin) <= 0.005);
  assert.ok(Math.abs(steps.slice(0, -1).reduce((sum, step) => sum + step, 0) - margin) <= 0.005 * steps.length);
  for (const {text} of detail.case.report.sentences)
    assert.ok((await page.locator('section[aria-labelledby="report"]').textContent()).includes(text));
});

story('a visit is stored, shown, and changes the list', async (page) => {
  const id = decodeURIComponent(page.url().split('/').pop());
  await page.getByRole('button', {name: 'Found theft'}).click();
  const dialog = page.getByRole('dialog', {name: 'Found theft'});
  await dialog.waitFor();
  await desk.assertAccessible('the form for a visit');
  await dialog.getByLabel('Date of the visit').fill('2015-03-02');
  await dialog.getByLabel(/Energy recovered/).fill('1234.5');
  await dialog.getByLabel(/^Note/).fill('<img src=x onerror=alert(1)> bridge at the terminals');
  await dialog.getByRole('button', {name: 'Store'}).click();
  await page.locator('.visits li', {hasText: '2 Mar 2015'}).waitFor();
  const visit = await page.locator('.visits li').first().textContent();
  assert.match(visit, /^found .*1,23[45] kWh recovered.*<img src=x onerror=alert\(1\)> bridge at the terminals/s);
  const {feedback, status} = await service.get(`/v1/cases/${encodeURIComponent(id)}`);
  assert.equal(status, 'found');
  assert.deepEqual(
    feedback.map(({outcome, visited_on, recovered_kwh}) => ({outcome, visited_on, recovered_kwh})),
    [{outcome: 'found', visited_on: '2015-03-02', recovered_kwh: 1234.5}],
  );
  await desk.goto('#/cases?status=found');
  await page.getByText('1–1 of 1').waitFor();
});

story('a report is written again in another language', async (page) => {
  const {items} = await service.get('/v1/cases?limit=1');
  await desk.goto(`#/cases/${encodeURIComponent(items[0].id)}`);
  const report = page.locator('section[aria-labelledby="report"]');
  await report.getByLabel('Language').selectOption('fr');
  await report.getByRole('button', {name: 'Write again'}).click();
  await report.locator('div[lang="fr"]').waitFor();
  const detail = await service.get(`/v1/cases/${encodeURIComponent(items[0].id)}`);
  assert.equal(detail.case.report.language, 'fr');
  assert.ok((await report.textContent()).includes(detail.case.report.sentences[0].text));
});

story('the model page shows what was measured when the model was made', async (page) => {
  const measured = JSON.parse(readFileSync(service.path('trained', 'evaluation.json'), 'utf8'));
  await desk.goto('#/model');
  const tile = (label) => page.locator('.tile', {has: page.getByText(label, {exact: true})}).locator('strong');
  assert.equal(await tile('ROC-AUC').textContent(), measured.roc_auc.value.toFixed(3));
  assert.equal(await tile('PR-AUC').textContent(), measured.pr_auc.value.toFixed(3));
  await page.locator('.reliability circle').first().waitFor();
  const bins = measured.views.find(({name}) => name === measured.headline).reliability;
  assert.equal(await page.locator('.reliability circle').count(), bins.length);
});

story('a plan keeps to its terms and leaves as CSV and work orders', async (page) => {
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.getByRole('heading', {level: 1, name: 'Plan'}).waitFor();
  await page.getByLabel('Number of visits').fill('20');
  const visits = page.locator('section[aria-labelledby="visits"] tbody tr');
  await page.waitForFunction(
    () => document.querySelectorAll('section[aria-labelledby="visits"] tbody tr').length === 20,
  );
  await desk.settled();
  const ids = await visits.locator('.id').evaluateAll((cells) => cells.map((cell) => cell.title));
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', {name: 'Export CSV'}).click(),
  ]);
  const rows = table(await download.path());
  assert.deepEqual(
    rows.map(({consumer_id}) => consumer_id),
    ids,
  );
  const orders = await page.getByRole('link', {name: 'Work orders'}).getAttribute('href');
  const sheet = await (await fetch(service.url + orders)).text();
  for (const id of ids) assert.ok(sheet.includes(id), `work orders name ${id}`);
  await page.getByLabel(/^Cost of a visit/).fill('');
  await page.getByRole('button', {name: 'budget', exact: true}).click();
  await page.getByText('Give the cost of a visit').waitFor();
  await page.getByLabel(/^Cost of a visit/).fill('40');
  await page.getByLabel('Budget', {exact: true}).fill('400');
  await page.waitForFunction(() => location.hash.includes('budget=400'));
  const asked = new URL(await page.getByRole('link', {name: 'Export CSV'}).getAttribute('href'), service.url);
  const {cost, visits: planned} = await service.get(`/v1/plan${asked.search}`);
  assert.ok(cost <= 400 && planned.length > 0 && planned.length < 20);
  await page.waitForFunction(
    (count) => document.querySelectorAll('section[aria-labelledby="visits"] tbody tr').length === count,
    planned.length,
  );
});

const alertBar = (page) => page.getByRole('complementary', {name: 'Alerts'});
const written = (value, digits) => value.toFixed(digits).replace('-', '−');

story('a list that looks otherwise raises an alert above every page, which leads to what moved', async (page) => {
  await desk.goto('#/upload');
  await page.getByLabel('File of readings').setInputFiles(service.stepped);
  await page.getByRole('link', {name: 'Show the ranked list'}).waitFor({timeout: kLong});
  await alertBar(page).getByText('no longer looks like').waitFor();
  await page.screenshot({path: `${kShots}alert-light-1280.png`});
  await alertBar(page).getByRole('link').click();
  await page.getByRole('heading', {level: 1, name: 'Drift'}).waitFor();
  await desk.settled();
  await page.getByText('What to do', {exact: true}).waitFor();
  const {report} = await service.get('/v1/drift');
  assert.equal(report.verdict, 'drift');
  for (const reason of report.reasons) await page.getByText(reason, {exact: true}).waitFor();
  await desk.goto('#/system');
  const [alert] = (await service.get('/v1/alerts')).items;
  const cells = await page
    .locator('section[aria-labelledby="alerts"] tbody tr')
    .first()
    .locator('td')
    .allTextContents();
  const moment = (time) =>
    page.evaluate(
      (text) => new Intl.DateTimeFormat('en-GB', {dateStyle: 'medium', timeStyle: 'short'}).format(new Date(text)),
      time,
    );
  assert.deepEqual(cells.slice(0, 5), [
    'warning',
    await moment(alert.since),
    '–',
    alert.last_told ? await moment(alert.last_told) : 'nobody',
    String(alert.times),
  ]);
});

story('a model is trained anew on an upload, waits, is used when asked twice, and given back', async (page) => {
  const old = (await service.get('/v1/models')).active;
  await desk.goto('#/model');
  assert.equal(await page.getByRole('button', {name: 'Back to the one before'}).count(), 0);
  await page.getByRole('button', {name: 'Train anew'}).click();
  const dialog = page.getByRole('dialog', {name: 'Train a new model?'});
  await dialog.waitFor();
  await desk.assertAccessible('ordering a retraining');
  await dialog.getByRole('button', {name: 'On the configured data'}).click();
  await dialog.getByRole('alert').getByText('retraining.data').waitFor();
  await page.getByLabel('File of labelled readings').setInputFiles(service.newer);
  await page.getByRole('progressbar', {name: 'Progress of the job'}).waitFor();
  await page.screenshot({path: `${kShots}retraining-light-1280.png`, fullPage: true});
  const outcome = page.locator('.retrainings li', {hasText: 'Retraining on newer.csv'});
  await outcome.getByText('left to a person').waitFor({timeout: kLong});
  await desk.settled();
  const [job] = (await service.get('/v1/jobs?kind=retrain')).items;
  const {challenger, verdict, champion, reasons, comparison, gates} = job.result;
  assert.deepEqual([verdict, champion], ['ask', old]);
  for (const reason of reasons) await outcome.getByText(reason, {exact: true}).waitFor();
  await alertBar(page).getByText('waits for a person').waitFor();

  const row = page.locator('section[aria-labelledby="models"] tbody tr', {hasText: 'trained to follow'});
  await row.getByText('waits for a decision').waitFor();
  await row.getByRole('link').click();
  await page.getByRole('heading', {name: /^Beside the model before it/}).waitFor();
  await page.screenshot({path: `${kShots}waiting-light-1280.png`, fullPage: true});
  const differences = await page
    .getByRole('table')
    .filter({hasText: 'Brier score (less is better)'})
    .locator('tbody tr td:nth-child(4)')
    .evaluateAll((shown) => shown.map((cell) => cell.firstChild.textContent.trim()));
  const {roc_auc, pr_auc, brier} = comparison.difference;
  for (const [at, value, digits] of [
    [0, roc_auc.value, 3],
    [1, pr_auc.value, 3],
    [3, brier.value, 4],
  ])
    assert.equal(differences[at].replace('+', ''), written(value, digits));
  assert.equal(await page.locator('.gates li').count(), gates.length);
  // Every gate of the program has a sentence on the page: none is shown by its bare name.
  for (const {name, finding} of gates) {
    const shown = await page.locator('.gates li', {hasText: finding}).locator('strong').textContent();
    assert.notEqual(shown.toLowerCase().replace('.', ''), name.replace(/_/g, ' '));
  }

  await row.getByRole('button', {name: /^Use/}).click();
  const question = page.getByRole('dialog', {name: 'Use this model?'});
  await question.waitFor();
  await desk.assertAccessible('using another model');
  await question.getByRole('button', {name: 'Cancel'}).click();
  assert.equal((await service.get('/v1/models')).active, old);
  await row.getByRole('button', {name: /^Use/}).click();
  await question.getByRole('button', {name: 'Use it'}).click();
  await row.getByText('in use').waitFor();
  assert.equal((await service.get('/v1/models')).active, challenger);
  await alertBar(page).getByText('waits for a person').waitFor({state: 'detached'});

  await page.getByRole('button', {name: 'Back to the one before'}).click();
  const back = page.getByRole('dialog', {name: 'Back to the one before?'});
  await back.getByTitle(old).waitFor();
  await back.getByRole('button', {name: 'Go back'}).click();
  await row.getByText('in use').waitFor({state: 'detached'});
  assert.equal((await service.get('/v1/models')).active, old);
  await page.getByRole('button', {name: 'Back to the one before'}).waitFor({state: 'detached'});
  service.challenger = challenger;
});

story('data that are not to be trusted are refused in words, and the model in use is kept', async (page) => {
  const {active, items} = await service.get('/v1/models');
  await page.getByRole('button', {name: 'Train anew'}).click();
  await page.getByLabel('File of labelled readings').setInputFiles(service.poison);
  const outcome = page.locator('.retrainings li', {hasText: 'poison.csv'});
  await outcome.getByText('data refused').waitFor({timeout: kLong});
  const [job] = (await service.get('/v1/jobs?kind=retrain')).items;
  assert.deepEqual([job.result.verdict, job.result.comparison], ['reject', null]);
  await outcome.getByText(job.result.reasons[0]).first().waitFor();
  await alertBar(page).getByText('retraining was refused', {exact: false}).waitFor();
  await page.screenshot({path: `${kShots}refused-light-1280.png`, fullPage: true});
  await page.getByRole('button', {name: /^Keep/}).click();
  await page.getByRole('dialog', {name: 'Keep the model in use?'}).getByRole('button', {name: 'Keep it'}).click();
  await page.getByRole('button', {name: /^Keep/}).waitFor({state: 'detached'});
  const after = await service.get('/v1/models');
  assert.deepEqual([after.active, after.items.length], [active, items.length]);
  const alerts = (await service.get('/v1/alerts')).items;
  assert.equal(alerts.find(({alert}) => alert === 'retraining').state, 'resolved');
});

const kPages = {
  cases: '#/cases',
  plan: '#/plan',
  upload: '#/upload',
  quality: '#/quality',
  model: '#/model',
  drift: '#/drift',
  system: '#/system',
  unknown: '#/nowhere',
};

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    story(`every page is accessible and fits: ${colorScheme}, ${width} px`, async () => {
      const {items} = await service.get('/v1/cases?limit=1');
      const watched = await WatchedPage.open(browser, service.url, {
        colorScheme,
        viewport: {width, height: width > 600 ? 900 : 740},
      });
      for (const [name, hash] of Object.entries({
        ...kPages,
        case: `#/cases/${encodeURIComponent(items[0].id)}`,
        card: `#/model?model=${service.challenger}`,
      })) {
        await watched.goto(hash);
        assert.equal(await watched.page.locator('.state.error').count(), 0, `${name} shows an error`);
        await watched.assertAccessible(`${name}, ${colorScheme}, ${width} px`);
        await watched.assertFits(name);
        await watched.page.screenshot({path: `${kShots}${name}-${colorScheme}-${width}.png`, fullPage: true});
      }
      await watched.close();
    });
  }
}

story('the chosen colours outlive a reload', async (page) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByLabel('Colours').selectOption('dark');
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.reload();
  await desk.settled();
  assert.equal(await ground(), dark);
  await page.getByLabel('Colours').selectOption('system');
});

story('a service that is gone is told, and asked again when it is back', async (page) => {
  const port = new URL(service.url).port;
  await desk.goto('#/cases');
  await page.route('**/v1/**', (route) => route.abort());
  await page.reload();
  await page.getByRole('heading', {name: 'The service does not answer'}).waitFor();
  await desk.assertAccessible('a service that is gone');
  await page.unroute('**/v1/**');
  await page.getByRole('button', {name: 'Try again'}).click();
  await page.getByText('of 300').waitFor();
  assert.equal(new URL(page.url()).port, port);
  desk.troubles = desk.troubles.filter((text) => !text.includes('net::ERR_FAILED'));
});

story('nothing was asked elsewhere, no policy broken, nothing thrown', async () => {
  await desk.close();
});

story('with keys the page asks for one, shows what its scopes allow, and forgets it on leaving', async () => {
  const {key} = JSON.parse(
    run('keys', 'add', 'analyst', '--scope', 'score,review', '--store', service.store, '--json'),
  );
  await service.halt();
  await service.serve();
  const watched = await WatchedPage.open(browser, service.url);
  const {page} = watched;
  await watched.goto('#/plan');
  await page.getByRole('heading', {level: 1, name: 'Meterhound'}).waitFor();
  await watched.assertAccessible('signing in');
  await page.screenshot({path: `${kShots}sign-in-light-1280.png`});
  await page.getByLabel('Key', {exact: true}).fill('mh_this_is_not_a_key');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Key', {exact: true}).fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {level: 1, name: 'Plan'}).waitFor();
  await watched.settled();
  const pages = await page.getByRole('navigation', {name: 'Pages'}).getByRole('link').allTextContents();
  assert.deepEqual(pages, ['Cases', 'Plan', 'Upload', 'Data quality', 'Model', 'Drift']);
  assert.ok(
    !(await page.evaluate(() => document.cookie + JSON.stringify({...localStorage, ...sessionStorage}))).includes(
      'mh_',
    ),
  );
  await alertBar(page).getByRole('link', {name: 'What moved'}).waitFor();
  await watched.goto('#/model');
  await page.getByRole('heading', {name: 'Retraining'}).waitFor();
  await page.getByText('left to a person').waitFor();
  for (const name of [/^Use/, /^Keep/, 'Back to the one before', 'Train anew', 'Add a model'])
    assert.equal(await page.getByRole('button', {name}).count(), 0, `${name} for somebody who may not`);
  await page.getByRole('button', {name: 'Sign out'}).click();
  await page.getByRole('heading', {level: 1, name: 'Meterhound'}).waitFor();
  assert.equal(await page.evaluate(async () => (await fetch('/v1/cases')).status), 401);
  assert.equal(await page.evaluate(() => document.body.textContent.includes('SIM-')), false);
  await watched.close();
});
