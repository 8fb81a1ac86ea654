import { metricsText } from './metrics-text.js';

describe('the text format of Prometheus', () => {
  it('has a line for each value, whatever a label is called', () => {
    const samples = () => [
      { labels: { feature: 'plain', reason: 'absent' }, value: 2 },
      { labels: { feature: 'a "b" \\ c\nd', reason: 'absent' }, value: 0.5 },
    ];
    const labelNames = ['feature', 'reason'];
    expect(metricsText([{ name: 'x_total', help: 'X.', type: 'counter', labelNames, samples }])).toBe(
      [
        '# HELP x_total X.',
        '# TYPE x_total counter',
        'x_total{feature="plain",reason="absent"} 2',
        'x_total{feature="a \\"b\\" \\\\ c\\nd",reason="absent"} 0.5',
        '',
      ].join('\n'),
    );
  });
});
