// What the guard costs: the handler in process, processor time of the server for each request, requests per second.
import { alternate } from '../harness/alternate.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { Program } from '../harness/programs.mjs';
import { Result } from '../harness/result.mjs';

const connections = 20;

export async function run({ quick, rounds }) {
  const result = new Result('guard', 'The guard on a route', 'requests/s');
  const deployment = await Deployment.create();
  const given = JSON.stringify({ license: deployment.issue(), publicKeys: deployment.publicKeys });
  const load = await Program.start('load');
  const isPinned = load.pin(1);
  for (const platform of ['express', 'fastify']) {
    const app = await Program.start('http-app', { args: [platform, given] });
    app.pin(0);
    const url = await app.call('url');
    const routes = await app.call('routes');
    if (!routes.includes('jwt')) result.note('missing: @nestjs/jwt');
    const label = (route) => `${platform}, ${names[route]}`;

    const times = quick ? 300 : 1_500;
    const inProcess = await alternate(
      Object.fromEntries(
        routes.map((route) => [route, () => app.call('handlerNs', route, route === 'jwt' ? 20 : times)]),
      ),
      { rounds, warmUp: 3, slices: 15 },
    );
    const cpu = Object.fromEntries(routes.map((route) => [route, []]));
    const warmUp = 1;
    const perSecond = await alternate(
      Object.fromEntries(
        routes.map((route) => [
          route,
          async () => {
            const before = await app.call('processorMicroseconds');
            const found = await load.call('load', `${url}/${route}`, { seconds: quick ? 1 : 2, connections });
            cpu[route].push(((await app.call('processorMicroseconds')) - before) / found.total);
            return found.perSecond;
          },
        ]),
      ),
      { rounds: quick ? 3 : 7, warmUp },
    );
    for (const route of routes) {
      result.measure(
        { [`${label(route)}: handler in process`]: inProcess[route].map((ns) => ns / 1000) },
        'µs',
      );
      result.measure({ [`${label(route)}: CPU per request`]: cpu[route].slice(warmUp) }, 'µs');
      result.measure({ [label(route)]: perSecond[route] });
    }
    result.compare(`${label('clock')} / trivial guard, in process`, inProcess.clock, inProcess.trivial);
    for (const route of ['edition', 'feature']) {
      result.compare(`${label(route)} / trivial guard, in process`, inProcess[route], inProcess.trivial, {
        atMost: 1.05,
      });
      result.compare(`${label(route)} / the clock, in process`, inProcess[route], inProcess.clock);
      result.compare(
        `${label(route)} / no guard, CPU per request`,
        cpu[route].slice(warmUp),
        cpu.open.slice(warmUp),
        {
          atMost: 1.03,
        },
      );
      result.compare(`${label(route)} / no guard, requests/s`, perSecond[route], perSecond.open);
    }
    if (perSecond.jwt !== undefined) {
      const atLeast = platform === 'express' ? 3.5 : 13;
      result.compare(`${label('edition')} / JWT guard, requests/s`, perSecond.edition, perSecond.jwt, {
        atLeast,
      });
      result.compare(`${label('open')} / JWT guard, requests/s`, perSecond.open, perSecond.jwt);
    }
    await app.stop();
  }
  await load.stop();
  result.note(
    'handler in process: the function that Nest gives to the framework, called with a request and a response made by hand',
  );
  result.note(
    `requests/s: autocannon on the same machine, ${connections} connections; ${isPinned ? 'each of the two has a processor of its own' : 'the two share the processors'}`,
  );
  return result;
}

const names = {
  open: 'no guard',
  trivial: 'a guard that returns true',
  clock: 'a guard that looks at the clock',
  edition: '@RequireEnterprise()',
  feature: '@RequireFeature()',
  jwt: '@nestjs/jwt guard',
};
