// Lets the browser paint and answer to the one who uses it before something long goes on.

/** Ends in a task of its own; timers would pause, in a tab behind another for a second each. */
export const breath = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
