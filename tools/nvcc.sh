#!/bin/sh
# Prints the path of an nvcc: MUPAC_NVCC, one on PATH, or one from NVIDIA's PyPI wheels in the cache folder, which are
# fetched with --install. Fails quietly where there is none. The wheels are proprietary: they stay in the cache and are
# neither committed nor shipped. All four are pinned because nvcc alone pulls an nvvm whose PTX its ptxas refuses.
set -eu

if [ -n "${MUPAC_NVCC:-}" ]; then echo "$MUPAC_NVCC"; exit 0; fi
if command -v nvcc >/dev/null 2>&1; then command -v nvcc; exit 0; fi

cache=${MUPAC_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/mupac}/nvcc-13.0
nvcc=$cache/nvidia/cu13/bin/nvcc
if [ ! -x "$nvcc" ] && [ "${1:-}" = --install ]; then
    echo "nvcc: fetching NVIDIA's compiler wheels into $cache" >&2
    sh "$(dirname "$0")/setup.sh" --pip >&2 || exit 1
    rm -rf "$cache.part"
    # Nothing goes where the system's packages lie, of which pip warns root.
    PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --no-deps --target "$cache.part" \
        nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-cuda-runtime==13.0.96 >&2 || exit 1
    rm -rf "$cache"
    mv "$cache.part" "$cache"
fi
[ -x "$nvcc" ] || exit 1
echo "$nvcc"
