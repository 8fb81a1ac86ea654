import { eventually, expectSame } from '../demo/claims.mjs';

/** Runs compose.yaml and takes it through its life: community, licensed, renewed, everything else gone, replaced. */
export async function checkDeployment(brokerImage, { podman, deployment, claims }) {
  const { services } = deployment;

  /** Waits until every service answers /operate-logs with this status. */
  const allAnswer = async (status, deadlineMs) => {
    await Promise.all(
      services.map((name) =>
        eventually(async () => {
          const found = await deployment.ask(name, '/operate-logs');
          expectSame(`${name} /operate-logs`, found.status, status);
        }, deadlineMs),
      ),
    );
    return `${services.join(', ')}: ${status}`;
  };
  const serials = async () => {
    const answers = await Promise.all(services.map((name) => deployment.ask(name, '/license')));
    return answers.map(({ body }) => body.license?.serial);
  };

  claims.scene('compose.yaml: broker, license-server and three services');

  await claims.claim('without a license all three are up and refuse', async () => {
    await deployment.up(brokerImage);
    const evidence = await allAnswer(402, 30_000);
    await eventually(async () => {
      const { status } = await deployment.ask('license-server', '/health/live');
      expectSame('license-server /health/live', status, 200);
    });
    return evidence;
  });

  await claims.claim(
    'a license in the mounted folder makes all three enterprise, without a restart',
    async () => {
      deployment.installLicense();
      return allAnswer(200, 15_000);
    },
  );

  await claims.claim('each keeps it in its own volume, mode 0600', async () => {
    for (const name of services) {
      const stat = ['stat', '--format', '%a %u', '/var/lib/latchkey/license.key'];
      const found = await eventually(async () =>
        podman.run('exec', await deployment.container(name), ...stat),
      );
      expectSame(`${name} license.key`, found, '600 1000');
    }
    return `${services.length} key files, owned by uid 1000`;
  });

  await claims.claim('a renewed license, put in place of the old file, reaches all three', async () => {
    const before = await serials();
    await deployment.issue();
    deployment.installLicense();
    return eventually(async () => {
      const after = await serials();
      if (after.some((serial, index) => !(serial > before[index])))
        throw new Error(`serials: ${after.join(', ')}`);
      return `serial ${before[0]}, then ${after[0]}`;
    });
  });

  await claims.claim('broker and license-server stopped: all three are still enterprise', async () => {
    await deployment.compose('stop', 'nats', 'license-server');
    const stateOf = async (name) => {
      const state = '{{.State.Status}} {{.State.ExitCode}}';
      return podman.run('inspect', '--format', state, await deployment.container(name));
    };
    expectSame('license-server', await stateOf('license-server'), 'exited 0');
    expectSame('nats', (await stateOf('nats')).split(' ')[0], 'exited');
    return allAnswer(200, 0);
  });

  await claims.claim(
    "one service's container replaced meanwhile: enterprise at its first answer",
    async () => {
      const [name] = services;
      const old = await deployment.container(name);
      await podman.run('rm', '--force', old);
      await deployment.compose('up', '--detach', '--no-build', '--no-deps', name);
      const renewed = await deployment.container(name);
      if (renewed === '' || renewed === old) throw new Error('expected another container');
      // eventually() waits for the port only: the first answer decides.
      const first = await eventually(() => deployment.ask(name, '/operate-logs'));
      expectSame('first answer', first.status, 200);
      const { body } = await deployment.ask(name, '/license');
      expectSame('source', body.source, 'file');
      return `container ${old.slice(0, 8)}, then ${renewed.slice(0, 8)}: 200, source file`;
    },
  );

  await claims.claim('the volume is what did it: without one the new container refuses', async () => {
    const [name] = services;
    const [volume] = (await podman.run('volume', 'ls', '--quiet', '--filter', `name=${name}`)).split('\n');
    await podman.run('rm', '--force', await deployment.container(name));
    await podman.run('volume', 'rm', volume);
    await deployment.compose('up', '--detach', '--no-build', '--no-deps', name);
    return eventually(async () => {
      const { status, body } = await deployment.ask(name, '/operate-logs');
      expectSame('answer', { status, reason: body.reason }, { status: 402, reason: 'absent' });
      return `${status}, reason ${body.reason}`;
    });
  });

  // Compose waits for 10 s. What may take a while is the look-up of a name that is gone, in the middle of reconnecting.
  await claims.claim('SIGTERM ends all three with 0 in time, although the broker is gone', async () => {
    const containers = await Promise.all(services.map((name) => deployment.container(name)));
    await podman.run('stop', '--time', '10', ...containers);
    const codes = await podman.run('inspect', '--format', '{{.State.ExitCode}}', ...containers);
    expectSame('exit codes', codes.split('\n'), ['0', '0', '0']);
    return 'exit codes 0, 0, 0';
  });

  await claims.claim('compose takes everything away again', async () => {
    await deployment.compose('down', '--volumes');
    expectSame(
      'containers',
      await podman.run('ps', '--all', '--quiet', '--filter', 'label=com.docker.compose.project'),
      '',
    );
    expectSame('volumes', await podman.run('volume', 'ls', '--quiet'), '');
    return 'no container and no volume left';
  });
}
