// Simple ways to learn from half of what was seen, and to be tried on the other half; and what luck alone can do.

export function shuffled(list) {
  const all = [...list];
  for (let n = all.length - 1; n > 0; n--) {
    const other = Math.floor(Math.random() * (n + 1));
    [all[n], all[other]] = [all[other], all[n]];
  }
  return all;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Each feature moved and stretched so that those learnt from have mean 0 and deviation 1; what is far out counts as four. */
function scale(samples) {
  const columns = samples[0].map((_, at) => samples.map((sample) => sample[at]));
  const middle = columns.map(mean);
  const spread = columns.map((values, at) => Math.sqrt(mean(values.map((value) => (value - middle[at]) ** 2))) || 1);
  return (sample) => sample.map((value, at) => Math.max(-4, Math.min(4, (value - middle[at]) / spread[at])));
}

/** Logistic regression with a ridge: what a weighted sum of the features can tell. */
function logistic(samples, labels) {
  const weights = new Array(samples[0].length).fill(0);
  let bias = 0;
  const score = (sample) => sample.reduce((sum, value, at) => sum + weights[at] * value, bias);
  for (let round = 0; round < 400; round++) {
    const wrong = samples.map((sample, n) => 1 / (1 + Math.exp(-score(sample))) - labels[n]);
    bias -= 0.3 * mean(wrong);
    for (let at = 0; at < weights.length; at++) {
      weights[at] -= 0.3 * (mean(samples.map((sample, n) => sample[at] * wrong[n])) + 0.02 * weights[at]);
    }
  }
  return (sample) => (score(sample) > 0 ? 1 : 0);
}

/** The majority among the nearest: sees shapes that no weighted sum does. */
function nearest(samples, labels) {
  const NEIGHBOURS = 5;
  return (sample) => {
    const near = samples.map((other, n) => [other.reduce((sum, value, at) => sum + (value - sample[at]) ** 2, 0), labels[n]]).sort(([a], [b]) => a - b);
    return near.slice(0, NEIGHBOURS).filter(([, label]) => label === 1).length * 2 > NEIGHBOURS ? 1 : 0;
  };
}

/** The one feature, and the one limit on it, that told most of those learnt from. */
function threshold(samples, labels) {
  let best = { right: -1 };
  for (let at = 0; at < samples[0].length; at++) {
    const values = [...new Set(samples.map((sample) => sample[at]))].sort((a, b) => a - b);
    for (let n = 1; n < values.length; n++) {
      const limit = (values[n - 1] + values[n]) / 2;
      const above = samples.filter((sample, m) => sample[at] > limit === (labels[m] === 1)).length;
      const right = Math.max(above, samples.length - above);
      if (right > best.right) best = { right, at, limit, label: above === right ? 1 : 0 };
    }
  }
  return (sample) => (best.right >= 0 && sample[best.at] > best.limit ? best.label : 1 - (best.label ?? 0));
}

/**
 * Learns from every other sample of each of two kinds, and answers how many of the rest each way puts right: {right: {logistic,
 * nearest, threshold}, of}.
 */
export function tellApart(one, other) {
  const labelled = [one, other].flatMap((samples, label) => samples.map((sample, n) => ({ sample, label, learn: n % 2 === 0 })));
  const learnt = labelled.filter(({ learn }) => learn);
  const rest = labelled.filter(({ learn }) => !learn);
  const scaled = scale(learnt.map(({ sample }) => sample));
  const right = {};
  for (const way of [logistic, nearest, threshold]) {
    const guess = way(learnt.map(({ sample }) => scaled(sample)), learnt.map(({ label }) => label));
    right[way.name] = rest.filter(({ sample, label }) => guess(scaled(sample)) === label).length;
  }
  return { right, of: rest.length };
}

/** The least number of `tosses` of a fair coin that it gets right with a chance below `chance`. */
export function luck(tosses, chance) {
  let ways = 0.5 ** tosses; // of exactly `right` right ones
  let tail = 0;
  for (let right = tosses; ; right--) {
    tail += ways;
    if (tail >= chance) return right + 1;
    ways *= right / (tosses - right + 1);
  }
}
