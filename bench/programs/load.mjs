// Sends requests over HTTP, so many at a time.
import autocannon from 'autocannon';

import { serve } from '../harness/programs.mjs';

serve({
  async load(url, { seconds, connections }) {
    const found = await autocannon({ url, connections, duration: seconds });
    if (found.non2xx > 0 || found.errors > 0)
      throw new Error(`${found.non2xx} refused, ${found.errors} failed: ${url}`);
    return { perSecond: found.requests.average, total: found.requests.total };
  },
});
