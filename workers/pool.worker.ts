import { serveThread } from '../engine/thread';

serveThread({ onMessage: (listen) => { self.onmessage = (event) => listen(event.data); }, post: (message) => self.postMessage(message) });
