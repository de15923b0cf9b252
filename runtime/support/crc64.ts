/** The polynomial of ECMA-182 with its bits reversed, as two halves. */
const polynomial = { high: 0xc96c5795, low: 0xd7870f42 };

/** What each value of a byte does, as two halves: 64 bits at a time would need slow big integers. */
const table = makeTable();

function makeTable(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let [upper, lower] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const odd = lower & 1;
      lower = ((lower >>> 1) | (upper << 31)) >>> 0;
      upper >>>= 1;
      if (odd) [upper, lower] = [(upper ^ polynomial.high) >>> 0, (lower ^ polynomial.low) >>> 0];
    }
    high[byte] = upper;
    low[byte] = lower;
  }
  return { high, low };
}

/** CRC-64 by ECMA-182 with reversed bits (CRC-64/XZ), as Alibaba Cloud states it of files: decimal digits. */
export function crc64(bytes: Uint8Array): string {
  let [high, low] = [0xffffffff, 0xffffffff];
  for (let at = 0; at < bytes.length; at++) {
    const index = (low ^ bytes[at]!) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ table.low[index]!;
    high = (high >>> 8) ^ table.high[index]!;
  }
  return ((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)).toString();
}
