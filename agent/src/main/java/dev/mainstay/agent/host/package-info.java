/** What the machine gives, and does not give for a moment. */
@org.jspecify.annotations.NullMarked
package dev.mainstay.agent.host;
