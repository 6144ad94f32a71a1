"""The processes of an installation: one that watches, one that answers the web, one for each job at once.

    winback serve ── web (granian; forks the process that runs Django)
                  ├─ worker 1
                  └─ worker 2 …

The watcher holds a lock on the home folder, starts the others, starts them again when they end, and is the only one
that people signal. The kernel kills the others when it dies, however it dies, so nothing is ever left behind.
"""
