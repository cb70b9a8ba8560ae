/** The script of the page with the code: polls as WeChat's does, with the same answers to each value. */
export const PAGE_SCRIPT = `
const { uuid } = document.body.dataset;
const state = document.getElementById('state');
const TEXTS = {
  403: '您已取消此次登录，可再次扫码',
  404: '扫描成功，请在手机上确认',
  405: '登录成功，正在跳转',
};

async function poll(last) {
  const query = new URLSearchParams({ uuid, f: 'json', _: Date.now(), ...(last && { last }) });
  const response = await fetch('/connect/l/qrconnect?' + query);
  const { wx_errcode, wx_code, redirect } = await response.json();
  if (wx_errcode !== 408) parent.postMessage({ wx_errcode }, '*');
  if (wx_errcode in TEXTS) state.textContent = TEXTS[wx_errcode];
  switch (wx_errcode) {
    case 405:
      top.location.href = redirect;
      return;
    case 402:
    case 500:
      // A new code for the same state.
      location.reload();
      return;
    case 403:
    case 404:
      return poll(wx_errcode);
    default:
      return poll(last);
  }
}

poll();
`;
