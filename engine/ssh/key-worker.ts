import { parentPort, workerData } from 'node:worker_threads';
import { parseKeyMaterial } from './key-material.ts';

/** Parses one encrypted private key away from the main thread: bcrypt in JavaScript takes up to seconds. */
const { text, passphrase } = workerData as { text: string; passphrase: string };
parentPort?.postMessage(parseKeyMaterial(text, passphrase));
