/** JSON (RFC 8259) as far as the stores need it: options and lists, never the data of jobs. */
@NullMarked
package dev.mainstay.queue.json;

import org.jspecify.annotations.NullMarked;
