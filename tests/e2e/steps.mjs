// A story told in steps: each must succeed within its time, the first failure ends it with a picture where there is one.

const STEP_MS = 60_000;

/** Runs `[name, work]` pairs in order, each for `most` ms at most, and prints a closing line; `picture(name)` is called when one fails. */
export async function story(title, steps, picture = async () => {}, most = STEP_MS) {
  const started = Date.now();
  for (const [n, [name, work]] of steps.entries()) {
    const began = Date.now();
    try {
      await within(most, work());
      console.log(`ok ${n + 1} - ${name} (${Date.now() - began} ms)`);
    } catch (thrown) {
      console.log(`not ok ${n + 1} - ${name}`);
      console.error(thrown);
      await picture(name).catch(() => {});
      console.log(`${title}: failed at step ${n + 1} of ${steps.length}`);
      return false;
    }
  }
  console.log(`${title}: ${steps.length} steps passed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return true;
}

async function within(ms, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function same(found, wanted, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: found ${a}, wanted ${b}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}
