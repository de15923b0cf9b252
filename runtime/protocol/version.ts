/** Version of both protocols; peers of another version are refused with a clear message. */
export const protocolVersion = 1;
