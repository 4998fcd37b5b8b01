"""`fastasync doctor`: what stands between a project and production. It reads files, and runs nothing of them.

`project` and `code` give what there is to read, `manifests`, `containers` and `starting` what it says. Each of the
modules `libraries`, `pools`, `rules`, `shutdown` and `readiness` is a kind of check.
"""
