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
RUN node activities/build-workflows.ts dist/workflows.js
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
# Inside a container the loopback address is nobody's; which ports are published decides who reaches it.
ENV NODE_ENV=production HOST=0.0.0.0 METRICS_HOST=0.0.0.0 WORKFLOW_BUNDLE=/app/dist/workflows.js
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN chmod 0755 docker/entrypoint.sh
# The workers write nothing to disk: files are streamed to the storage.
USER node
EXPOSE 3000
ENTRYPOINT ["docker/entrypoint.sh"]
CMD ["api"]
