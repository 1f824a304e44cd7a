import { Notification, type NotificationConstructorOptions } from 'electron';
import { disposable, type Disposable } from '../engine/base/disposables.ts';

/** Shows a notification; `onClick` as long as it is there. */
export type ShowNotice = (notice: { title: string; body: string; onClick?: () => void }) => void;

/** How many are kept: one that nobody holds any more can't be clicked. */
const most = 50;

/** Notifications of the desktop, where it has them. */
export function openNotices(): Disposable & { show: ShowNotice } {
  const shown: Notification[] = [];
  const show: ShowNotice = ({ title, body, onClick }) => {
    if (!Notification.isSupported()) return;
    const options: NotificationConstructorOptions = { title, body };
    const notification = new Notification(options);
    if (onClick !== undefined) notification.on('click', onClick);
    notification.show();
    shown.push(notification);
    for (const old of shown.splice(0, Math.max(0, shown.length - most))) old.close();
  };
  return { show, ...disposable(() => shown.splice(0).forEach((notification) => notification.close())) };
}
