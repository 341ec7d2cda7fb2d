package dev.mainstay.agent.git;

/**
 * What a new tree begins with.
 *
 * @param commit whose files are written: the base, or the run's last commit on top of it
 */
record Start(String commit, String base, String branch) {}
