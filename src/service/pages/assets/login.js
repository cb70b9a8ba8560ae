// The login page: shows a code, follows its login over the chosen transport, takes the session.

const { words, wechatOrigin, phone } = JSON.parse(document.getElementById('settings').textContent);
const csrf = document.querySelector('meta[name=csrf-token]').content;
const element = (id) => document.getElementById(id);
const [code, state, left, refresh, phoneLink, transport] = [
  'code',
  'state',
  'left',
  'refresh',
  'phone',
  'transport',
].map(element);
const kindButtons = [...document.querySelectorAll('[data-kind]')];

const sleep = (ms, signal) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', resolve, { once: true });
  });

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
    body: JSON.stringify(body ?? {}),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

/** Each transport yields every status it learns until the login is over or the signal fires. */
const follow = {
  async *short(id, signal) {
    for (;;) {
      const response = await fetch(`/qr/${id}/status`, { signal });
      const status = await response.json();
      if (response.ok) yield status;
      else if (response.status !== 429) throw new Error(`status: ${response.status}`);
      await sleep(Math.max(status.pollIntervalMs, 100), signal);
    }
  },

  async *long(id, signal) {
    for (let version = 0; ; ) {
      const response = await fetch(`/qr/${id}/status/long?version=${version}`, { signal });
      if (!response.ok) throw new Error(`status: ${response.status}`);
      const status = await response.json();
      version = status.version;
      yield status;
    }
  },

  async *sse(id, signal) {
    const source = new EventSource(`/qr/${id}/status/stream`);
    const messages = inbox(signal);
    source.addEventListener('status', (event) => messages.push(JSON.parse(event.data)));
    source.addEventListener('error', () => {
      // The browser reconnects by itself, unless the service said no.
      if (source.readyState === EventSource.CLOSED)
        messages.fail(new Error('status stream closed'));
    });
    try {
      yield* messages.read();
    } finally {
      source.close();
    }
  },

  async *socket(id, signal) {
    const url = new URL(`/qr/${id}/status/socket`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url);
    const messages = inbox(signal);
    socket.addEventListener('message', (event) => messages.push(JSON.parse(event.data)));
    socket.addEventListener('close', () => messages.fail(new Error('status socket closed')));
    try {
      yield* messages.read();
    } finally {
      socket.close();
    }
  },
};

/** Turns events into something to wait for. What came before a failure is read before it. */
function inbox(signal) {
  const waiting = [];
  let failure;
  let wake = () => {};
  signal.addEventListener('abort', () => wake(), { once: true });
  return {
    push(message) {
      waiting.push(message);
      wake();
    },
    fail(error) {
      failure = error;
      wake();
    },
    async *read() {
      while (!signal.aborted) {
        while (waiting.length > 0) yield waiting.shift();
        if (failure) throw failure;
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

let current;
let stop = new AbortController();

function say(text, name = '') {
  state.textContent = text;
  state.dataset.state = name;
  sayTimeLeft();
}

function sayTimeLeft() {
  const running = current && !current.over && state.dataset.state in words.states;
  const leftMs = running ? current.expiresInMs - (Date.now() - current.seenAt) : 0;
  left.textContent = leftMs > 0 ? `${Math.ceil(leftMs / 1000)} ${words.secondsLeft}` : '';
}

function show(login) {
  code.replaceChildren();
  phoneLink.hidden = true;
  if (login.qrSvg) {
    const image = new Image();
    image.alt = words.codeAlt;
    image.src = `data:image/svg+xml,${encodeURIComponent(login.qrSvg)}`;
    code.append(image);
    if (phone) {
      phoneLink.href = `${phone}?scan=${encodeURIComponent(login.qrText)}`;
      phoneLink.hidden = false;
    }
  } else {
    const frame = document.createElement('iframe');
    frame.title = words.frameTitle;
    // WeChat's page leads the whole window back to us.
    frame.sandbox =
      'allow-scripts allow-same-origin allow-top-navigation allow-popups allow-popups-to-escape-sandbox';
    frame.src = login.authorizeUrl;
    code.append(frame);
  }
}

async function begin(path, body) {
  stop.abort();
  stop = new AbortController();
  const { signal } = stop;
  // Should there be no code to have, the next attempt begins from nothing.
  current = undefined;
  refresh.hidden = true;
  say(words.loading);
  try {
    const login = await post(path, body);
    // Somebody who was faster than the answer has begun another login meanwhile.
    if (signal.aborted) return;
    current = { ...login, seenAt: Date.now() };
    show(current);
    say(words.states[current.state], current.state);
    for await (const status of follow[transport.value](current.id, signal)) {
      if (signal.aborted) return;
      current = { ...current, ...status, seenAt: Date.now() };
      say(words.states[status.state], status.state);
      if (status.claimable) {
        location.assign((await post(`/qr/${current.id}/claim`)).next);
        return;
      }
      if (!status.over) continue;
      // After a website login WeChat leads this window away by itself.
      if (status.state !== 'completed') refresh.hidden = false;
      return;
    }
  } catch {
    if (signal.aborted) return;
    say(words.broken, 'broken');
    refresh.hidden = false;
  }
}

setInterval(sayTimeLeft, 1000);

for (const button of kindButtons) {
  button.addEventListener('click', () => {
    for (const other of kindButtons) other.setAttribute('aria-pressed', String(other === button));
    begin('/qr', { kind: button.dataset.kind });
  });
}

refresh.addEventListener('click', () => {
  const path = current ? `/qr/${current.id}/refresh` : '/qr';
  const pressed = kindButtons.find((button) => button.getAttribute('aria-pressed') === 'true');
  begin(path, current ? undefined : { kind: pressed.dataset.kind });
});

// A page of WeChat's that tells what its own poll says: pass it on, for the display.
addEventListener('message', ({ origin, data }) => {
  if (origin !== wechatOrigin || current?.kind !== 'website') return;
  if ([402, 403, 404, 405].includes(data?.wx_errcode)) {
    post(`/qr/${current.id}/report`, { wx_errcode: data.wx_errcode }).catch(() => {});
  }
});

kindButtons[0]?.click();
