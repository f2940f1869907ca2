#!/usr/bin/env bash
# Calls every operation of the OpenAPI document with generated good and bad input (Schemathesis, from PyPI) against a
# central server of its own, and shows what does not answer as the document says: scripts/schemathesis.sh [EXAMPLES]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.sh
examples=${1:-20}
port=${PORT:-8397}

cargo build --locked -p daybook-cli
daybook=$(target_dir)/debug/daybook
tools=$(target_dir)/schemathesis
[[ -x $tools/bin/st ]] || { python3 -m venv "$tools" && "$tools/bin/pip" install --quiet schemathesis; }

work=$(mktemp -d)
finish() { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"; }
echo "seven quiet harbours" >"$work/password"
"$daybook" tenant --data "$work/data" add acme --company "Acme Ltd" --country GB --currency GBP --owner-email ann@acme.example --password-file "$work/password"
"$daybook" serve --data "$work/data" --listen "127.0.0.1:$port" >"$work/url" 2>"$work/log" & server=$!
trap finish EXIT
for _ in $(seq 100); do [[ -s $work/url ]] && break; sleep 0.1; done

# The token is good for 15 minutes: at 590 calls a minute that is the most one run can do.
python3 - "http://127.0.0.1:$port" "$work" <<'PYTHON'
import json, sys, urllib.request

url, work = sys.argv[1:]
given = json.dumps({"email": "ann@acme.example", "password": "seven quiet harbours"}).encode()
grant = json.load(urllib.request.urlopen(urllib.request.Request(f"{url}/v1/acme/sign-in", given)))
asked = urllib.request.Request(f"{url}/v1/acme/openapi.json", headers={"Authorization": f"Bearer {grant['access_token']}"})
document = json.load(urllib.request.urlopen(asked))
# One tenant, and a session that lasts: no signing out, no other password. The stream of events has no end.
for path in ["/v1/{tenant}/sign-out", "/v1/{tenant}/users/{id}/password", "/v1/{tenant}/sync/poke"]:
    document["paths"].pop(path)
# What travels packed has no JSON side to generate: tests/central/sync.rs sends good and bad bytes.
for path in [path for path, methods in document["paths"].items() if "application/json" not in str(methods.get("post", {}).get("requestBody", "application/json"))]:
    document["paths"].pop(path)
for methods in document["paths"].values():
    for operation in methods.values():
        for parameter in operation.get("parameters", []):
            if parameter["name"] == "tenant":
                parameter["schema"] = {"type": "string", "enum": ["acme"]}
json.dump(document, open(f"{work}/openapi.json", "w"))
open(f"{work}/token", "w").write(grant["access_token"])
PYTHON

# What a schema cannot say (an account that is closed, a period, a link) is refused with 422: not a finding.
"$tools/bin/st" run "$work/openapi.json" --url "http://127.0.0.1:$port" -H "Authorization: Bearer $(cat "$work/token")" \
  --checks all --exclude-checks positive_data_acceptance --phases fuzzing --max-examples "$examples" --rate-limit 590/m
! grep '"level":"ERROR"' "$work/log"
