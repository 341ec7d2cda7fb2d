package dev.mainstay.server.identity;

/** Who may become a user by themselves. */
public enum SignUpMode {
  /** Everybody. */
  OPEN,
  /** Whoever has an invitation to an organization. */
  INVITED,
  /** Nobody: administrators make users. */
  CLOSED
}
