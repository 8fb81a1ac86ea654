import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
// What describes this machine's way to a registry stays; what describes the repository that npm run was called in goes.
const ofTheMachine = /^npm_config_(registry|cache|userconfig|cafile|proxy|https_proxy|noproxy)$/i;

/** Runs npm for somebody with an empty home directory, who reaches the registry the way this machine does. */
export class Npm {
  #variables;

  /** @param {string} home an empty folder */
  static async create(home) {
    // Asked from here, so that the machine's own settings answer.
    const settings = ['cache', 'userconfig'];
    const found = await Promise.all(settings.map((name) => run('npm', ['config', 'get', name])));
    const [cache, userconfig] = found.map(({ stdout }) => stdout.trim());
    return new Npm(home, { npm_config_cache: cache, npm_config_userconfig: userconfig });
  }

  constructor(home, settings) {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(npm|LICENSE|NATS)_/i.test(name) || ofTheMachine.test(name),
    );
    this.#variables = {
      ...Object.fromEntries(kept),
      HOME: home,
      npm_config_fund: 'false',
      npm_config_audit: 'false',
      npm_config_loglevel: 'error',
      npm_config_update_notifier: 'false',
      ...settings,
    };
  }

  /** Runs `npm` in `folder`. @throws {Error} with what it printed, when it fails */
  async npm(folder, ...args) {
    return await this.run(folder, 'npm', args);
  }

  /**
   * Runs any command as the same person.
   *
   * @returns {Promise<string>} what it printed
   * @throws {Error} with its output, when it fails
   */
  async run(folder, command, args, variables = {}) {
    try {
      const env = { ...this.#variables, ...variables };
      const { stdout, stderr } = await run(command, args, { cwd: folder, env, maxBuffer: 2 ** 26 });
      return stdout + stderr;
    } catch (error) {
      const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().slice(-3000);
      throw new Error(`${command} ${args.join(' ')}: ${said || error.message}`, { cause: error });
    }
  }
}
