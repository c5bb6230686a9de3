// A chat server on Bun (uWebSockets inside) that keeps nothing and knows nobody: what bench's yardsticks say, in an
// envelope of its own. BenchmarkFanoutBesideBun runs it.

let count = 0;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, server) {
    const room = new URL(request.url).searchParams.get("rooms") ?? "lobby";
    return server.upgrade(request, { data: { room } }) ? undefined : new Response("a WebSocket is wanted", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    open(ws) {
      ws.subscribe(ws.data.room);
      ws.send('{"kind":"live","cursor":"0"}');
    },
    message(ws, message) {
      const { cid, room, text } = JSON.parse(message);
      const id = String(++count);
      ws.send(JSON.stringify({ kind: "ack", cid, id, dup: false }));
      server.publish(ws.data.room, JSON.stringify({ kind: "message.posted", id, room, cid, text }));
    },
  },
});
console.log(`http://127.0.0.1:${server.port}`);
