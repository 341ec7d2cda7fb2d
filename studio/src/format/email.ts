/** What is plainly wrong with an address, for its field; the server looks closer. */
export function emailFault(email: string): string | undefined {
  const text = email.trim();
  if (text === '') return 'Enter your e-mail address';
  return /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/.test(text) ? undefined : 'This is no e-mail address';
}
