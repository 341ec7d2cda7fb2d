@org.jspecify.annotations.NullMarked
package dev.mainstay.server.mail;
