# One file, two images: license-server (the default) and demo-app (--target demo-app).
# The base is an argument so that it can come from a mirror or be built locally.
ARG NODE_IMAGE=docker.io/library/node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
# npm links the workspaces, so it needs every package.json; sources come later, to keep this layer in the cache.
COPY package.json package-lock.json .npmrc ./
COPY libs/license/package.json libs/license/
COPY apps/license-server/package.json apps/license-server/
COPY apps/demo-app/package.json apps/demo-app/
COPY apps/cli/package.json apps/cli/
COPY apps/cli/bin apps/cli/bin
# Networks that re-sign TLS need their CA bundle here: --secret id=ca,src=BUNDLE. It stays out of the image.
RUN --mount=type=secret,id=ca \
  if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
  npm ci
COPY nest-cli.json tsconfig.base.json ./
COPY libs libs
COPY apps apps
# What the images run, and nothing else: the command line and the examples stay outside.
RUN for part in license license-server demo-app; do node node_modules/@nestjs/cli/bin/nest.js build "$part" || exit 1; done && npm prune --omit=dev

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production HTTP_HOST=0.0.0.0 HTTP_PORT=7420
# Node cannot end during a name lookup, and one of a broker that is gone may take 40 s: better soon again than long.
ENV RES_OPTIONS="timeout:1 attempts:1"
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/libs/license/package.json libs/license/
COPY --from=build /src/libs/license/dist libs/license/dist
COPY deploy/healthcheck.mjs ./
EXPOSE 7420
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/main.js"]

FROM runtime AS demo-app
# Where a volume for the key file is mounted; a new volume takes over this owner and mode.
RUN install --directory --owner 1000 --group 1000 --mode 0700 /var/lib/latchkey
COPY --from=build /src/dist/apps/demo-app dist
# The vendor's public key is part of the program: whoever may only set variables cannot replace it.
COPY deploy/vendor.public.jwks.json dist/
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "healthcheck.mjs", "/"]

FROM runtime AS license-server
COPY --from=build /src/dist/apps/license-server dist
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "healthcheck.mjs", "/health/live"]
