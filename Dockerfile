# The image of the API node and the gateway; the command says which (the default is the API node).
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY shared shared
COPY api api
COPY gateway gateway
COPY local local
COPY nginx nginx
RUN npx tsc -p tsconfig.build.json && npm prune --omit=dev

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY docs/asyncapi.yaml docs/
# Owned by the account of NGINX, which reads what docker-compose.yml's service `tls` writes here.
RUN install -d -o 101 -g 101 -m 750 /tls
USER node
EXPOSE 8081 8082 8083 8084
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "dist/local/health.js", "8082"]
CMD ["node", "--max-semi-space-size=64", "dist/api/main.js"]
