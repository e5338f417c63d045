"""Serves the prepared demo, with a worker. This process runs without Django, so it is small and ends at once."""

import json
import sys

from cms import env, serve


def announce() -> None:
    url = env.public_url()
    print(f"home:     {url}/")
    print(f"Sign in at {env.admin_url()}/admin/")
    print(f"articles: {url}/api/v1/articles/")
    print(f"API docs: {url}/api/v1/docs/")
    for name, password in json.loads((env.var_dir() / "demo_logins.json").read_text()).items():
        print(f"login: {name} {password}")
    print(f"Ready: {url}/", flush=True)


if __name__ == "__main__":
    sys.exit(serve.run([serve.server(), serve.worker()], announce))
