// `docker`, as far as a deployment calls it: passes its arguments on to the test, which says what to print and how to end.
const { connect } = require('node:net');

const socket = connect(process.env.FAKE_DOCKER);
let reply = '';
socket.on('connect', () => socket.write(`${JSON.stringify(process.argv.slice(2))}\n`));
socket.on('data', (text) => (reply += text));
socket.on('end', () => {
  const { output, code } = JSON.parse(reply);
  process.stdout.write(output);
  process.exitCode = code;
});
