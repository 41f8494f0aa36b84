import { parentPort } from 'node:worker_threads';
import { serveThread } from '../engine/thread';

serveThread({ onMessage: (listen) => void parentPort?.on('message', listen), post: (message) => parentPort?.postMessage(message) });
