import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/**
 * A registry with the process's own metrics: CPU, memory, garbage collection and the event loop's delay (ms between
 * samples: 100, since each of them wakes an idle process). Every series carries the node's name; never label by room or user.
 */
export function createRegistry(node: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ node });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  return registry;
}

/** A gauge that is read whenever the metrics are. */
export function registerGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** A counter that is kept elsewhere and read whenever the metrics are. */
export function registerCount(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
