/**
 * Splits a Server-Sent Events stream (WHATWG HTML, section 9.2.6) into the data of its events. Fields other than
 * `data` are left out: the event itself carries its seq.
 */
export class SseParser {
  private rest = '';
  private data: string[] = [];

  /** @returns the data of the events that this chunk completed */
  push(chunk: string): string[] {
    const complete: string[] = [];
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0) {
          complete.push(this.data.join('\n'));
          this.data = [];
        }
      } else if (line.startsWith('data:')) {
        this.data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
      }
    }
    return complete;
  }
}
