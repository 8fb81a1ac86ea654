// Sends requests over HTTP, so many at a time.
import { loadPeer } from '../harness/peers.mjs';
import { serve } from '../harness/programs.mjs';

const { module } = await loadPeer('autocannon');

serve({
  async load(url, { seconds, connections }) {
    const found = await module.default({ url, connections, duration: seconds });
    if (found.non2xx > 0 || found.errors > 0)
      throw new Error(`${found.non2xx} refused, ${found.errors} failed: ${url}`);
    return { perSecond: found.requests.average, total: found.requests.total };
  },
});
