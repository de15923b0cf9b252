/** Header by which a request to the gateway names the invocation that sends it. The host believes it only of running ones. */
export const callerHeader = 'x-porchlight-caller';

/** Variable that holds the gateway's address in every instance, e.g. `http://127.0.0.1:4000`. */
export const gatewayVariable = 'PORCHLIGHT_GATEWAY';
