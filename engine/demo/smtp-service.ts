import type { LineAnswer } from './line-service.ts';

export const smtpGreeting = '220 mail.shop.demo ESMTP\r\n';

/** Enough of SMTP to send a mail: it is counted and thrown away. `received` is told each one's sender. */
export function smtpAnswers(received: (sender: string) => void): LineAnswer {
  let inBody = false;
  let sender = '';
  return (line) => {
    if (inBody) {
      if (line !== '.') return { text: '' };
      inBody = false;
      received(sender);
      return { text: '250 2.0.0 Ok: queued\r\n' };
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'MAIL') sender = line.slice(line.indexOf(':') + 1).trim();
    inBody = verb === 'DATA';
    return { text: replies[verb] ?? '502 5.5.2 Error: command not recognized\r\n', end: verb === 'QUIT' };
  };
}

const replies: Readonly<Record<string, string>> = {
  EHLO: '250-mail.shop.demo\r\n250 8BITMIME\r\n',
  HELO: '250 mail.shop.demo\r\n',
  MAIL: '250 2.1.0 Ok\r\n',
  RCPT: '250 2.1.5 Ok\r\n',
  DATA: '354 End data with <CR><LF>.<CR><LF>\r\n',
  NOOP: '250 2.0.0 Ok\r\n',
  RSET: '250 2.0.0 Ok\r\n',
  QUIT: '221 2.0.0 Bye\r\n',
};
