/**
 * Lets the browser draw and take input. A message is used and not a timer: nested timers are held back to 4 ms each,
 * and to a second in a hidden tab.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
