const by = id => document.getElementById(id);
const own = document.body.dataset.port;
const port = own === '0' ? location.port : own;
const sockets = (location.protocol === 'https:' ? 'wss://' : 'ws://') + location.hostname + (port ? ':' + port : '');
let socket;

const show = text => {
  const line = document.createElement('li');
  line.textContent = text;
  by('frames').prepend(line);
  while (by('frames').childElementCount > 200) by('frames').lastElementChild.remove();
};

const ask = async path => {
  const answer = await fetch('/api/v1/users/' + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: by('username').value, password: by('password').value }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
};

const connect = token => {
  if (socket) socket.close();
  socket = new WebSocket(sockets + '/ws/chat?token=' + encodeURIComponent(token));
  socket.onopen = () => { by('state').textContent = 'connected'; };
  socket.onclose = event => { by('state').textContent = 'closed (' + event.code + ')'; };
  socket.onmessage = event => show(event.data);
};

by('register').onclick = () =>
  ask('register').then(user => show('registered ' + user.username + ' as ' + user.id), error => show(error.message));

by('account').onsubmit = event => {
  event.preventDefault();
  ask('login').then(session => connect(session.token), error => show(error.message));
};

by('message').onsubmit = event => {
  event.preventDefault();
  const target = by('target').value.trim();
  const frame = { type: target ? 'private' : 'chat', payload: by('text').value };
  if (target) frame.target_id = target;
  socket?.send(JSON.stringify(frame));
  by('text').value = '';
};
