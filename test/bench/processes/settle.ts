/** Lets a host come to rest: what it still does after an answer is not to disturb the next figure. */
export function settle(ms = 400): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
