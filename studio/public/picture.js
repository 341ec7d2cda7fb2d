// Shows the picture that the address names behind its #, in a frame of its own: the studio's pages load images from
// nowhere but their server.
const url = decodeURIComponent(location.hash.slice(1));
if (/^https?:\/\//.test(url)) {
  const image = new Image();
  image.alt = '';
  image.referrerPolicy = 'no-referrer';
  const tell = (state) => parent.postMessage({ picture: state }, '*');
  image.onload = () => {
    document.body.append(image);
    tell('shown');
  };
  image.onerror = () => tell('failed');
  image.src = url;
}
