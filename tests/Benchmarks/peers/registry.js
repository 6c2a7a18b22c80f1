// The registry's work on Node: node --expose-gc registry.js
'use strict';
const count = 1_000_000;
const churnCount = 3_000_000;
let calls = 0;
const registry = new FinalizationRegistry(() => { calls++; });
const now = () => Number(process.hrtime.bigint());
const report = (name, value) => console.log(`${name} ${value.toFixed(4)}`);
const turn = () => new Promise(resolve => setImmediate(resolve));

function makeTargets() {
  const targets = new Array(count);
  for (let i = 0; i < count; i++) targets[i] = { a: i, b: 0 };
  return targets;
}

function register(targets) {
  const start = now();
  for (let i = 0; i < count; i++) registry.register(targets[i], i);
  return (now() - start) / count;
}

async function reach(wanted) {
  while (calls < wanted) await turn();
}

function pause(minor) {
  const times = [];
  for (let i = 0; i < (minor ? 41 : 7); i++) {
    const start = now();
    gc(minor);
    times.push((now() - start) / 1e6);
  }
  return times.sort((x, y) => x - y)[times.length >> 1];
}

async function tokens(suffix) {
  const targets = makeTargets(), keys = makeTargets();
  let start = now();
  for (let i = 0; i < count; i++) registry.register(targets[i], i, keys[i]);
  report(`register_token_${suffix}_ns`, (now() - start) / count);
  start = now();
  for (let i = 0; i < count; i++) registry.unregister(keys[i]);
  report(`unregister_token_${suffix}_ns`, (now() - start) / count);
  await turn();
  return targets.length + keys.length;
}

// All is compiled before it is measured, as in the other peers.
function warmUp() {
  const warm = new FinalizationRegistry(() => { calls++; });
  for (let i = 0; i < 20_000; i++) {
    const o = { a: i, b: 0 };
    warm.register(o, i, o);
    warm.unregister(o);
    registry.register(o, i);
  }
}

async function main() {
  warmUp();
  // Not all of them need to be found dead.
  while (calls < 19_000) { await turn(); gc(); }
  await turn();
  let targets = makeTargets();
  gc(); gc();
  report('gen0_empty_ms', pause(true));
  report('gen2_empty_ms', pause(false));
  const before = process.memoryUsage();
  report('register_cold_ns', register(targets));
  gc();
  const after = process.memoryUsage();
  report('bytes_managed', (after.heapUsed - before.heapUsed) / count);
  report('bytes_resident', (after.rss - before.rss) / count);
  report('gen0_1M_ms', pause(true));
  report('gen2_1M_ms', pause(false));
  await turn();
  targets = null;
  const base = calls;
  let start = now();
  gc();
  await reach(base + count);
  report('callbacks_M_per_s', count / ((now() - start) / 1e3));

  targets = makeTargets();
  report('register_warm_ns', register(targets));
  await turn();
  targets = null;
  gc();
  await reach(base + 2 * count);

  gc();
  start = now();
  for (let i = 0; i < churnCount;) {
    for (const end = i + 10_000; i < end; i++) registry.register({ a: i, b: 0 }, i);
    await turn();
  }
  while (calls < base + 2 * count + churnCount) { gc(); await turn(); }
  report('churn_ns', (now() - start) / churnCount);

  await tokens('cold');
  gc(); await turn();
  await tokens('warm');
  gc(); await turn();
}

main();
