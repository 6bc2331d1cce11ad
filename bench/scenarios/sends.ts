import type { Bench, Outcome, Scenario, Verdict } from './bench.ts';
import { milliseconds, prefixed, ratio, type Prefixed } from './figures.ts';
import { CALLERS, measureExpress, measureRest, measureSocket, type SendFigures } from './sending.ts';

const REST_RATIO = 8;
const SOCKET_RATIO = 20;

type Systems = 'express' | 'expressNoText' | 'rest' | 'socket';
type Figures = Prefixed<Systems, keyof SendFigures>;

export const sends: Scenario<Figures> = {
  title: 'Sends',
  about:
    `Durable, acknowledged sends: ${CALLERS} callers, each with one request at a time, into ${CALLERS} rooms of two; ` +
    'over the socket as many sockets with 16 sends under way on each.',

  async once(bench: Bench): Promise<Figures> {
    bench.note('sends: Express');
    const express = await measureExpress(bench, { database: 'naive', textIndex: true });
    bench.note('sends: Express without the text index');
    const expressNoText = await measureExpress(bench, { database: 'naive-plain', textIndex: false });
    bench.note('sends: Parley over REST');
    const rest = await measureRest(bench);
    bench.note('sends: Parley over the socket');
    const socket = await measureSocket(bench);
    return {
      ...prefixed('express', express),
      ...prefixed('expressNoText', expressNoText),
      ...prefixed('rest', rest),
      ...prefixed('socket', socket),
    };
  },

  conclude(figures): Outcome {
    return {
      columns: ['', 'sends/s', '', 'p50', 'p99', 'CPU per send', 'refused', 'acknowledged but not stored'],
      rows: [
        row('one Express process, the obvious way', 'express', figures),
        row('the same without a text index', 'expressNoText', figures),
        row('Parley over REST, one API process', 'rest', figures),
        row('Parley over the socket, one gateway, one API process', 'socket', figures),
      ],
      verdicts: [
        faster('over REST', 'rest', REST_RATIO, figures),
        noSlower('over REST', 'rest', figures),
        faster('over the socket', 'socket', SOCKET_RATIO, figures),
        noSlower('over the socket', 'socket', figures),
        allStored(figures),
      ],
    };
  },
};

function row(label: string, system: Systems, figures: Figures): readonly string[] {
  const value = (name: keyof SendFigures): number => figures[`${system}.${name}`];
  return [
    label,
    Math.round(value('perSecond')).toLocaleString('en-US'),
    `${ratio(value('perSecond'), figures['express.perSecond']).toFixed(1)}×`,
    `${milliseconds(value('p50'))} ms`,
    `${milliseconds(value('p99'))} ms`,
    `${Math.round(value('micros'))} µs`,
    String(value('refused')),
    String(value('missing')),
  ];
}

function faster(how: string, system: Systems, least: number, figures: Figures): Verdict {
  const times = ratio(figures[`${system}.perSecond`], figures['express.perSecond']);
  return {
    claim: `at least ${least}× the sends of Express ${how}`,
    found: `${times.toFixed(1)}×`,
    ok: times >= least,
  };
}

function noSlower(how: string, system: Systems, figures: Figures): Verdict {
  const [ours, theirs] = [figures[`${system}.p99`], figures['express.p99']];
  return {
    claim: `p99 no worse than that of Express ${how}`,
    found: `${milliseconds(ours)} ms, Express ${milliseconds(theirs)} ms`,
    ok: ours <= theirs,
  };
}

function allStored(figures: Figures): Verdict {
  const missing = figures['rest.missing'] + figures['socket.missing'];
  return { claim: 'everything acknowledged is stored', found: `${missing} missing`, ok: missing === 0 };
}
