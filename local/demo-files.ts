/** The files of `--demo`: drawn here, so that the repository carries none. */
import sharp from 'sharp';

const DRAWINGS = {
  /** A night of load: requests a second as an area, latency as a line. */
  'load-test.png': `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="520">
    <rect width="1200" height="520" fill="#10162a"/>
    <g stroke="#232c4d" stroke-width="2">${[100, 190, 280, 370, 460].map((y) => `<path d="M60 ${y}H1140"/>`).join('')}</g>
    <path d="${area(1_080, 60, 460, (x) => 240 * Math.sin(x * 3.1) ** 2 + 70 + 14 * Math.sin(x * 61))}" fill="#5b7cff" fill-opacity=".35" stroke="#7f9bff" stroke-width="4"/>
    <path d="${line(1_080, 60, 460, (x) => 60 + 26 * Math.sin(x * 9) + 9 * Math.sin(x * 83))}" fill="none" stroke="#4fd6a8" stroke-width="5"/>
  </svg>`,
  /** A ridge in the morning. */
  'ridge.png': `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#27467f"/><stop offset=".55" stop-color="#f3a683"/><stop offset="1" stop-color="#ffe2b8"/></linearGradient></defs>
    <rect width="1200" height="800" fill="url(#sky)"/><circle cx="820" cy="360" r="64" fill="#fff3d6"/>
    <path d="${area(1_200, 0, 800, (x) => 330 + 120 * Math.sin(x * 5) + 30 * Math.sin(x * 31))}" fill="#8b6f8f"/>
    <path d="${area(1_200, 0, 800, (x) => 230 + 90 * Math.sin(x * 7 + 2) + 22 * Math.sin(x * 43))}" fill="#54506f"/>
    <path d="${area(1_200, 0, 800, (x) => 130 + 60 * Math.sin(x * 4 + 4) + 16 * Math.sin(x * 53))}" fill="#2c3350"/>
  </svg>`,
  /** Three screens, where there were seven. */
  'onboarding.png': `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="640">
    <rect width="1200" height="640" fill="#f4f2ee"/>${[110, 450, 790].map(screen).join('')}
  </svg>`,
} as const;
const TEXTS = {
  'migration-notes.md':
    '# Lisbon: migration notes\n\n1. Take a backup.\n2. Start the new nodes beside the old ones.\n3. Stop the old ones, one at a time.\n',
} as const;

export type DemoFile = keyof typeof DRAWINGS | keyof typeof TEXTS;

/** A file's bytes. */
export async function drawFile(name: DemoFile): Promise<Uint8Array<ArrayBuffer>> {
  if (name in TEXTS) return new TextEncoder().encode(TEXTS[name as keyof typeof TEXTS]);
  const drawing = Buffer.from(DRAWINGS[name as keyof typeof DRAWINGS]);
  return new Uint8Array(await sharp(drawing).png({ palette: true }).toBuffer());
}

/** The path of a curve over `width` from `left`, its height above `bottom` given by a function of 0 to 1. */
function line(width: number, left: number, bottom: number, height: (x: number) => number): string {
  const points = Array.from({ length: 161 }, (_, i) => {
    const x = i / 160;
    return `${(left + x * width).toFixed(1)} ${(bottom - height(x)).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}

/** The same, closed down to the bottom. */
function area(width: number, left: number, bottom: number, height: (x: number) => number): string {
  return `${line(width, left, bottom, height)}L${left + width} ${bottom}L${left} ${bottom}Z`;
}

function screen(left: number): string {
  const bar = (y: number, width: number, fill: string): string =>
    `<rect x="${left + 40}" y="${y}" width="${width}" height="22" rx="11" fill="${fill}"/>`;
  return `<rect x="${left}" y="60" width="300" height="520" rx="36" fill="#fff" stroke="#d9d4ca" stroke-width="3"/>
    <circle cx="${left + 150}" cy="200" r="70" fill="#c9d6ff"/>${bar(310, 220, '#3b3f54')}${bar(350, 180, '#c4c0b6')}${bar(382, 200, '#c4c0b6')}
    <rect x="${left + 40}" y="490" width="220" height="52" rx="26" fill="#4f6bed"/>`;
}
