"""The server: a workspace where the review lives and a team acts on it. The only place that imports Django.

It is one Django application, cut into slices in the order of the loop (docs/adr/0008-the-server.md). Whoever starts
it calls `winback.server.start.django_ready()` first.
"""
