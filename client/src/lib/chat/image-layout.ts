/** Places for a message's pictures, known before a byte of them is here. Pure. */
export interface Picture {
  readonly width?: number;
  readonly height?: number;
}
export interface Tile {
  /** Width for each unit of height. */
  readonly ratio: number;
}
export interface PictureLayout {
  /** px at the most; a narrower pane shrinks it with its height. */
  readonly width: number;
  readonly rows: readonly (readonly Tile[])[];
}

/** The largest box (px) of a single picture, and the width of several. */
const BOX = { width: 420, height: 320 } as const;
/** A target for fingers, even where the picture is a dot. */
const SMALLEST = 88;
/** A picture that does not say its size. */
const UNKNOWN = { width: 320, height: 240 } as const;
/** Beyond these a picture is cropped in its tile. */
const FLATTEST = 3;
const TALLEST = 0.5;

export function layoutPictures(pictures: readonly Picture[]): PictureLayout {
  const [only] = pictures;
  if (only !== undefined && pictures.length === 1) return single(only);
  const tiles = pictures.map((picture) => ({ ratio: clampRatio(ratioOf(picture)) }));
  return { width: BOX.width, rows: intoRows(tiles) };
}

/** As large as it is, up to the box: a small picture is not blown up. */
function single(picture: Picture): PictureLayout {
  const ratio = clampRatio(ratioOf(picture));
  const natural = picture.width && picture.height ? picture.width : UNKNOWN.width;
  const least = Math.max(SMALLEST, SMALLEST * ratio);
  const most = Math.min(BOX.width, BOX.height * ratio);
  return { width: Math.round(Math.min(most, Math.max(least, natural))), rows: [[{ ratio }]] };
}

/** Two beside each other, three in a row, four as two and two; ten as three, three, two and two. */
function intoRows(tiles: readonly Tile[]): readonly (readonly Tile[])[] {
  const rows: Tile[][] = [];
  let at = 0;
  while (at < tiles.length) {
    const left = tiles.length - at;
    const take = left === 2 || left === 4 ? 2 : Math.min(3, left);
    rows.push(tiles.slice(at, at + take));
    at += take;
  }
  return rows;
}

function ratioOf({ width, height }: Picture): number {
  return width && height ? width / height : UNKNOWN.width / UNKNOWN.height;
}

function clampRatio(ratio: number): number {
  return Math.min(FLATTEST, Math.max(TALLEST, ratio));
}
