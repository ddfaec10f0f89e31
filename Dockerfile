# One image, three commands: `api` (serves the web pages too), `worker`, `migrate`.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# `generate` looks for a native engine it does not use; naming any program spares the download.
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true CHECKPOINT_DISABLE=1 npx prisma generate
# The web pages; what they are made with is left out below.
RUN node web/build.ts
# What the workers run in the workflows' sandbox.
RUN node activities/build-workflows.ts dist/workflows.js --traced
# Optional ones too: packages that others may use, and that are here for development (prisma's tools, typescript, vite).
RUN npm prune --omit=dev --omit=optional --no-audit --no-fund
RUN node docker/prune-packages.ts

FROM node:24-bookworm-slim
# Nothing is installed or built in here.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
# Inside a container the loopback address is nobody's; which ports are published decides who reaches it.
ENV NODE_ENV=production HOST=0.0.0.0 METRICS_HOST=0.0.0.0 WORKFLOW_BUNDLE=/app/dist/workflows.js
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN chmod 0755 docker/entrypoint.sh cli/rapporteur.ts && ln -s /app/cli/rapporteur.ts /usr/local/bin/rapporteur
# No command writes to disk, files are streamed to the storage: the root file system may be read-only. The user `node`, by
# number, so that Kubernetes sees that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s CMD ["node", "docker/healthcheck.ts"]
ENTRYPOINT ["docker/entrypoint.sh"]
CMD ["api"]
