/** One walk through a topic, and the lines that it leaves. */
import { secretsIn, secretsOfMail, tokenOf } from './secrets.mjs';
import { errorShape, normalize, shape } from './shape.mjs';
import { Person } from './person.mjs';

/**
 * @param scenario what walk/<topic>.mjs exports
 * @param print is given each line
 */
export async function walk(topic, scenario, server, print) {
  const run = Math.random().toString(36).slice(2, 8);
  let current = 'start';
  const record = ({ method, url, response, body, cookies }) => {
    const location = response.headers.get('location');
    const failed = response.status >= 400;
    print({
      topic,
      step: current,
      method,
      path: normalize(url, server.url),
      status: response.status,
      shape: failed ? errorShape(body) : body === undefined ? 'nothing' : shape(body),
      cookies,
      location: location === null ? null : normalize(location, server.url),
      secrets: secretsIn(response, body),
    });
  };
  const step = async (name, action) => {
    current = name;
    return action();
  };
  /** The next mail to an address; its link is a line of its own. */
  const mail = async (to) => {
    const found = await server.mail(to);
    print({
      topic,
      step: current,
      method: 'MAIL',
      path: found.url ? normalize(found.url, server.url) : 'code',
      status: 0,
      shape: 'nothing',
      cookies: [],
      location: null,
      secrets: secretsOfMail(found),
    });
    return { ...found, token: tokenOf(found) };
  };
  const person = (name) => new Person(name, `${name.toLowerCase()}.${topic}.${run}@example.com`, server.url, record);
  try {
    await scenario({ server, person, step, mail });
  } catch (error) {
    print({ topic, step: current, failed: String(error?.message ?? error) });
  }
}
