/**
 * What a click in the tray's menu asks for: plain data, carried out by whoever draws the menu, through the contract
 * (`pause`, `resume`, `connect`, `disconnect`, `reconnect`, `deploy`, `cancel-deploy`) or by the shell itself (the others).
 */
export type TrayAction =
  /** A page that a forward leads to: `http` or `https` on an address of this machine. */
  | { readonly kind: 'open-url'; readonly url: string }
  | { readonly kind: 'copy'; readonly text: string }
  /** Without `forwardId` all of the host, without `hostId` all there are. */
  | { readonly kind: 'pause' | 'resume'; readonly hostId?: string; readonly forwardId?: string }
  | { readonly kind: 'connect' | 'disconnect'; readonly hostId: string }
  | { readonly kind: 'reconnect'; readonly hostIds: readonly string[] }
  /** The events of `deploy.start` must be read to their end: who stops reading cancels. */
  | { readonly kind: 'deploy'; readonly stacks: readonly string[] }
  | { readonly kind: 'cancel-deploy'; readonly run: string }
  /** The main window, at a place as it stands in the page's address: `#/hosts/shop`. */
  | { readonly kind: 'show'; readonly route: string }
  | { readonly kind: 'show-logs' }
  | { readonly kind: 'start-at-login'; readonly on: boolean }
  | { readonly kind: 'quit' };

/** One line of the menu. Ids are unique, and the same as long as the line is about the same thing. Labels are ready to be shown. */
export type TrayItem =
  | { readonly kind: 'separator' }
  /** Says something and can't be clicked. */
  | { readonly kind: 'text'; readonly id: string; readonly label: string }
  | {
      readonly kind: 'command';
      readonly id: string;
      readonly label: string;
      readonly enabled: boolean;
      readonly action: TrayAction;
    }
  | {
      readonly kind: 'switch';
      readonly id: string;
      readonly label: string;
      readonly on: boolean;
      readonly action: TrayAction;
    }
  | { readonly kind: 'menu'; readonly id: string; readonly label: string; readonly items: readonly TrayItem[] };
