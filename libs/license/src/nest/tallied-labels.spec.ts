import { metricsText } from './metrics-text.js';
import { TalliedLabels } from './tallied-labels.js';

describe('a counter with labels', () => {
  it('counts each combination of values', () => {
    const tally = new TalliedLabels(['code', 'reason']);
    for (const reason of ['absent', 'expired', 'absent']) tally.add('DENIED', reason);
    expect(tally.family('x_total', 'X.').samples).toEqual([
      { labels: { code: 'DENIED', reason: 'absent' }, value: 2 },
      { labels: { code: 'DENIED', reason: 'expired' }, value: 1 },
    ]);
  });

  it('counts together what is beyond a hundred combinations', () => {
    const tally = new TalliedLabels(['feature']);
    for (let index = 0; index < 1000; index += 1) tally.add(`feature-${index}`);
    tally.add('feature-7');
    const { samples } = tally.family('x_total', 'X.');
    expect(samples).toHaveLength(101);
    expect(samples[7]).toEqual({ labels: { feature: 'feature-7' }, value: 2 });
    expect(samples.at(-1)).toEqual({ labels: { feature: 'other' }, value: 900 });
  });

  it('reads back whatever a value is called', () => {
    const tally = new TalliedLabels(['feature']);
    tally.add('a "b" \\ c\nd');
    expect(metricsText([tally.family('x_total', 'X.')])).toBe(
      '# HELP x_total X.\n# TYPE x_total counter\nx_total{feature="a \\"b\\" \\\\ c\\nd"} 1\n',
    );
  });
});
