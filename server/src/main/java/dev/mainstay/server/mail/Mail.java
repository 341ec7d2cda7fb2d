package dev.mainstay.server.mail;

public record Mail(String to, String kind, String subject, String text) {}
