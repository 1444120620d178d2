"""What a shell evaluates at its start: the function `sts`, completion, and a prompt variable."""

from stsui.model.errors import UsageError
from stsui.model.text import clean, nearest

_FUNCTION = r"""
sts() {
  local _sts_text _sts_before="${STSUI_ROLE-}"
  case "${1-}" in
    --unset) shift; _sts_text="$(command stsui export --unset --format bash "$@")" || return ;;
    -)
      if [ -z "${STS_PREVIOUS-}" ]; then echo "sts: there was no role before this one" >&2; return 2; fi
      shift; _sts_text="$(command stsui export "$STS_PREVIOUS" --format bash "$@")" || return ;;
    *) _sts_text="$(command stsui export "$@" --format bash)" || return ;;
  esac
  eval "$_sts_text"
  if [ -n "$_sts_before" ] && [ "$_sts_before" != "${STSUI_ROLE-}" ]; then STS_PREVIOUS="$_sts_before"; fi
  _sts_prompt
}
"""
_CLOCK = r"""
# Days since 1970 by arithmetic (Howard Hinnant's days_from_civil), so that a prompt starts no process.
_sts_prompt() {
  STS_PROMPT=
  [ -n "${STSUI_ROLE-}" ] || return 0
  local e="${AWS_CREDENTIAL_EXPIRATION-}" left= y m d n
  if [ "${#e}" -eq 20 ]; then
    y=$((10#${e:0:4})); m=$((10#${e:5:2})); d=$((10#${e:8:2}))
    if [ "$m" -le 2 ]; then y=$((y - 1)); m=$((m + 9)); else m=$((m - 3)); fi
    d=$((y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + d - 719469))
    n=$((d * 86400 + 10#${e:11:2} * 3600 + 10#${e:14:2} * 60 + 10#${e:17:2} - $(_STS_NOW_)))
    if [ "$n" -le 0 ]; then left=expired
    elif [ "$n" -lt 60 ]; then left="${n}s"
    elif [ "$n" -lt 3600 ]; then left="$((n / 60))m"
    else left="$((n / 3600))h$((n / 60 % 60))m"; fi
  fi
  local word="${STSUI_ENVIRONMENT-}" role="${STSUI_ROLE//[^A-Za-z0-9_.@+ -]/?}"
  word="${word//[^A-Za-z0-9_-]/?}"
_STS_SHOW_
}
"""
_BASH = (
    _FUNCTION
    + _CLOCK.replace(
        "    n=$((", '    local now="${EPOCHSECONDS-}"; [ -n "$now" ] || printf -v now "%(%s)T" -1\n    n=$(('
    )
    .replace("$(_STS_NOW_)", "now")
    .replace(
        "_STS_SHOW_",
        r"""  case "$word" in
    PROD|PRD|PRODUCTION|LIVE) word=$'\001\e[1;31m\002'"$word"$'\001\e[0m\002' ;;
  esac
  STS_PROMPT="[$role${word:+ $word}${left:+ $left}] " """.rstrip(),
    )
    + r"""
case ";${PROMPT_COMMAND-};" in
  *"_sts_prompt"*) ;;
  *) PROMPT_COMMAND="_sts_prompt${PROMPT_COMMAND:+;$PROMPT_COMMAND}" ;;
esac
_sts_complete() {
  # Not compgen -W: it would evaluate what stands in a name.
  local word="${COMP_WORDS[COMP_CWORD]}" name
  COMPREPLY=()
  while IFS= read -r name; do
    case "$name" in "$word"*) COMPREPLY+=("$(printf %q "$name")") ;; esac
  done < <(printf '%s\n' --unset --min-ttl --refresh -; command stsui completion --names 2>/dev/null)
}
complete -F _sts_complete sts
"""
)
_ZSH = (
    _FUNCTION
    + "zmodload zsh/datetime\n"
    + _CLOCK.replace("$(_STS_NOW_)", "EPOCHSECONDS").replace(
        "_STS_SHOW_",
        r"""  case "$word" in
    PROD|PRD|PRODUCTION|LIVE) word="%B%F{red}$word%f%b" ;;
  esac
  STS_PROMPT="[$role${word:+ $word}${left:+ $left}] " """.rstrip(),
    )
    + r"""
autoload -Uz add-zsh-hook
add-zsh-hook precmd _sts_prompt
_sts_complete() {
  local -a names
  names=(${(f)"$(command stsui completion --names 2>/dev/null)"})
  compadd -- --unset --min-ttl --refresh $names
}
if (( $+functions[compdef] )); then compdef _sts_complete sts; fi
"""
)
_FISH = r"""
function sts --description 'AWS credentials of a role in this shell'
    set -l before $STSUI_ROLE
    set -l text
    if test "$argv[1]" = --unset
        set text (command stsui export --format fish $argv); or return
    else if test "$argv[1]" = -
        if test -z "$STS_PREVIOUS"
            echo 'sts: there was no role before this one' >&2
            return 2
        end
        set text (command stsui export $STS_PREVIOUS --format fish $argv[2..-1])
        or return
    else
        set text (command stsui export $argv --format fish)
        or return
    end
    test -n "$text"; or return 1
    printf '%s\n' $text | source
    if test -n "$before" -a "$before" != "$STSUI_ROLE"
        set -g STS_PREVIOUS $before
    end
end
complete -c sts -f -a '(command stsui completion --names 2>/dev/null)'
complete -c sts -f -l unset -d 'take the session out of this shell'
complete -c sts -f -l min-ttl -d 'renew first, or fail' -x
complete -c sts -f -l refresh -d 'a new session'
"""
SHELLS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def startup(shell: str) -> str:
    """The text for a shell's start-up file to evaluate.

    Raises:
        UsageError: There is none for that shell; names the nearest.
    """
    if shell not in SHELLS:
        near = nearest(shell, SHELLS, 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(SHELLS)}."
        raise UsageError(f'There is no start-up text for "{clean(shell)}". {hint}')
    return SHELLS[shell].lstrip("\n")
