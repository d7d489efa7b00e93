// One step of a product's life with the Bull that TaktChat uses: node bull.js QUEUE STEP. Its locks last for 300 ms instead of 30 s.
const Bull = require(`${process.env.BULL}/node_modules/bull`);

const [name, step] = process.argv.slice(2);
const open = () => new Bull(name, {
  redis: { host: '127.0.0.1', port: Number(process.env.REDIS_PORT), password: process.env.REDIS_PASSWORD },
  settings: { lockDuration: 300, lockRenewTime: 100, stalledInterval: 0 },
});

const steps = {
  // Two jobs completed, one failed, three waiting, one delayed.
  async jobs() {
    const worker = open();
    worker.process(async job => { if (job.data.fails) throw new Error('it fails'); });
    const jobs = [await worker.add({}), await worker.add({}), await worker.add({ fails: true })];
    await Promise.all(jobs.map(job => job.finished().catch(() => {})));
    await worker.close();
    const queue = open();
    for (let job = 0; job < 3; job++) await queue.add({});
    await queue.add({}, { delay: 3600000 });
  },

  // Eleven jobs fail, and are kept.
  async failures() {
    const queue = open();
    queue.process(async () => { throw new Error('it fails'); });
    const jobs = await Promise.all(Array.from({ length: 11 }, () => queue.add({})));
    await Promise.all(jobs.map(job => job.finished().catch(() => {})));
    await queue.close();
  },

  // A worker takes a job, renews its lock, and never ends.
  async take() {
    const queue = open();
    queue.process(() => new Promise(() => { console.log('taken'); }));
    await queue.add({});
    await new Promise(() => {});
  },

  async repeat() { await open().add('VerifyCampaignsDaatabase', {}, { repeat: { every: 20000 } }); },

  async repeatUntil() { await open().add('Ends', {}, { repeat: { every: 20000, endDate: Date.now() + 60000 } }); },

  async pause() { await open().pause(); },
};

steps[step]().then(() => process.exit(0), problem => { console.error(problem); process.exit(1); });
