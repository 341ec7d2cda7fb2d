/** What most walks begin with. */

/** Signs a person up, and opens the link that they got by mail. */
export async function join({ step, mail }, person) {
  await step(`${person.name} joins`, async () => {
    await person.client.signUp.email({ name: person.name, email: person.email, password: person.password });
    await person.open((await mail(person.email)).url);
  });
}

export async function signIn({ step }, person, name = `${person.name} signs in`) {
  const { data } = await step(name, () => person.client.signIn.email({ email: person.email, password: person.password }));
  return data;
}

/** Joins and signs in. */
export async function enter(scene, ...people) {
  for (const person of people) {
    await join(scene, person);
    await signIn(scene, person);
  }
}
