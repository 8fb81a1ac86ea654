// HEALTHCHECK of both images: `node healthcheck.mjs PATH` ends with 0 when the app in this container answers 2xx.
const url = `http://127.0.0.1:${process.env.HTTP_PORT}${process.argv[2]}`;
const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch((error) => error);
if (!response.ok) {
  console.error(`${url}: ${response.status ?? response.cause?.message ?? response.message}`);
  process.exitCode = 1;
}
