/** A way to the engine that a page of the desktop app has opened. */
export interface BridgeWay {
  send(this: void, frame: string): void;
  close(this: void): void;
}

/**
 * What the desktop app's preload script gives to its pages, as `window.towline`: a way for the contract's frames, and
 * nothing else. `onFrame` hears the engine's; `onClose` hears, once, that the way has gone.
 */
export interface Bridge {
  connect(this: void, onFrame: (frame: string) => void, onClose: () => void): BridgeWay;
}
