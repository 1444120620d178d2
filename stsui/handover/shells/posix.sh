# The function sts and the variable STS_PROMPT, for bash and zsh.
sts() {
  local _sts_word _sts_text _sts_before="${STSUI_ROLE-}"
  for _sts_word in "$@"; do
    case "$_sts_word" in -h|--help) command stsui init --help; return ;; esac
  done
  if [ "$#" -eq 0 ]; then
    _sts_word="$(command stsui pick)" || return
    set -- "$_sts_word"
  elif [ "$1" = - ]; then
    if [ -z "${STS_PREVIOUS-}" ]; then echo "sts: there was no role before this one" >&2; return 2; fi
    shift
    set -- "$STS_PREVIOUS" "$@"
  fi
  _sts_text="$(command stsui export "$@" --format bash)" || return
  eval "$_sts_text"
  if [ -n "$_sts_before" ] && [ "$_sts_before" != "${STSUI_ROLE-}" ]; then STS_PREVIOUS="$_sts_before"; fi
  _sts_prompt
}

# Makes STS_PROMPT of the environment, in a live shell of its slot's file; starts no process and keeps the exit status.
_sts_prompt() {
  local code=$? left= role="${STSUI_ROLE-}" word="${STSUI_ENVIRONMENT-}" end="${AWS_CREDENTIAL_EXPIRATION-}"
  local rest= note=
  STS_PROMPT=
  if [ -n "${STSUI_SLOT_FILE-}" ]; then
    if [ -r "$STSUI_SLOT_FILE" ]; then
      { IFS= read -r role; IFS= read -r word; IFS= read -r rest; IFS= read -r end; IFS= read -r rest
        IFS= read -r note; } < "$STSUI_SLOT_FILE" || :
    else note=gone; fi
    role="${role:-no role}"
  fi
  if [ -n "$role" ]; then
    role="${role//[^A-Za-z0-9_.@+\/: -]/?}"
    word="${word//[^A-Za-z0-9_-]/?}"
    _sts_left
    if [ -n "${STSUI_SLOT_FILE-}" ]; then left="live${left:+ $left}"; fi
    case "$note" in waits) left='waits for you' ;; cut|dropped|gone) left="$note" ;; esac
    case "$word" in PROD|PRD|PRODUCTION|LIVE) _sts_red "$word" ;; esac
    STS_PROMPT="[$role${word:+ $word}${left:+ $left}] "
  fi
  return $code
}

# left: time until end; the end itself where the shell has no clock.
_sts_left() {
  local e="$end" y m d n now
  left=
  case "$e" in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z) ;;
    *) return ;;
  esac
  _sts_now
  if [ -z "$now" ]; then left="until ${e:11:5}Z"; return; fi
  # Days since 1970 by arithmetic (Howard Hinnant, days_from_civil).
  y=$((10#${e:0:4})); m=$((10#${e:5:2})); d=$((10#${e:8:2}))
  if [ "$m" -le 2 ]; then y=$((y - 1)); m=$((m + 9)); else m=$((m - 3)); fi
  d=$((y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + d - 719469))
  n=$((d * 86400 + 10#${e:11:2} * 3600 + 10#${e:14:2} * 60 + 10#${e:17:2} - now))
  if [ "$n" -le 0 ]; then left=expired
  elif [ "$n" -lt 60 ]; then left="${n}s"
  elif [ "$n" -lt 3600 ]; then left="$((n / 60))m"
  else left="$((n / 3600))h$((n / 60 % 60))m"; fi
}
